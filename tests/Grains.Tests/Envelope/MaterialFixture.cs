using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Envelope;

/// <summary>One silo for all tests of a class: they make material of their own.</summary>
public sealed class MaterialFixture(TokenFixture token) : IAsyncLifetime
{
    private TestKms? _kms;

    internal StoredMaterial Stored => _kms!.Services.GetRequiredService<StoredMaterial>();

    internal TokenCapabilities Token => _kms!.Services.GetRequiredService<TokenCapabilities>();

    internal HsmWorkers Workers => _kms!.Services.GetRequiredService<HsmWorkers>();

    /// <summary>Every combination of spec, usage and level that there can be here, long RSA keys in software only: they take seconds.</summary>
    public static TheoryData<KeySpec, KeyUsage, ProtectionLevel> Asymmetric
    {
        get
        {
            var all = new TheoryData<KeySpec, KeyUsage, ProtectionLevel>();
            foreach (var spec in Enum.GetValues<KeySpec>().Where(spec => !spec.IsSymmetric()))
            {
                foreach (var usage in Enum.GetValues<KeyUsage>().Where(usage => spec.Allows(usage)))
                {
                    all.Add(spec, usage, ProtectionLevel.Software);
                    if (spec is KeySpec.Rsa2048 or KeySpec.EcP256 or KeySpec.EcP256K) all.Add(spec, usage, ProtectionLevel.Hsm);
                }
            }
            return all;
        }
    }

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync()
    {
        if (_kms is not null) await _kms.DisposeAsync();
    }

    internal async Task<Made> Make(KeySpec spec, KeyUsage usage, ProtectionLevel level)
    {
        var place = new Place($"{TestKms.Account}/{Guid.NewGuid():D}", Guid.NewGuid(), Guid.NewGuid(), spec, usage, level);
        var made = await Stored.Generate(place.GrainKey, place.VersionId, spec, usage, level);
        return new(place, made.Stored, made.PublicKey, await Open(place, made.Stored));
    }

    internal Task<KeyMaterial> Open(Place place, byte[] stored) =>
        Stored.Open(place.GrainKey, place.KeyId, place.VersionId, place.Spec, place.Usage, place.Level, stored);
}

/// <summary>What stored material is bound to.</summary>
internal sealed record Place(string GrainKey, Guid KeyId, Guid VersionId, KeySpec Spec, KeyUsage Usage, ProtectionLevel Level);

/// <summary>New material, open.</summary>
internal sealed record Made(Place Place, byte[] Stored, byte[]? PublicKey, KeyMaterial Material) : IDisposable
{
    public AsymmetricMaterial PrivateKey => (AsymmetricMaterial)Material;

    public void Dispose() => Material.Dispose();
}
