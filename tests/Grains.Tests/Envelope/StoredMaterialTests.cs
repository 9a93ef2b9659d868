using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Envelope;

[Collection(TokenTests.Name)]
public sealed class StoredMaterialTests(MaterialFixture fixture) : IClassFixture<MaterialFixture>
{
    private static readonly EncryptionContext Context = EncryptionContext.Of([new("order", "42")]);

    [Theory, InlineData(KeySpec.Aes256, ProtectionLevel.Software, BlobAlgorithm.Aes256Gcm), InlineData(KeySpec.Aes256, ProtectionLevel.Hsm, BlobAlgorithm.Aes256Gcm)]
    [InlineData(KeySpec.Sm4, ProtectionLevel.Software, BlobAlgorithm.Sm4Gcm)]
    public async Task Symmetric_material_opens_its_own_blobs_only(KeySpec spec, ProtectionLevel level, BlobAlgorithm algorithm)
    {
        using var made = await fixture.Make(spec, KeyUsage.EncryptDecrypt, level);
        Assert.Null(made.PublicKey);
        var material = (SymmetricMaterial)made.Material;
        var blob = await material.Encrypt([1, 2, 3], Context);
        Assert.Equal(algorithm, CiphertextBlob.Algorithm(blob));
        using var again = (SymmetricMaterial)await fixture.Open(made.Place, made.Stored);
        Assert.Equal([1, 2, 3], await again.Decrypt(blob, Context));
        await AssertBad(() => material.Decrypt(blob, EncryptionContext.Empty));
        for (var i = 0; i < blob.Length; i++)
        {
            var changed = blob.ToArray();
            changed[i] ^= 3;
            await AssertBad(() => material.Decrypt(changed, Context));
        }
        using var other = await fixture.Make(spec, KeyUsage.EncryptDecrypt, level);
        await AssertBad(() => ((SymmetricMaterial)other.Material).Decrypt(blob, Context));
    }

    [Theory, InlineData(KeySpec.Aes256, ProtectionLevel.Hsm), InlineData(KeySpec.Sm4, ProtectionLevel.Software), InlineData(KeySpec.EcP256, ProtectionLevel.Software)]
    [InlineData(KeySpec.EcP256, ProtectionLevel.Hsm), InlineData(KeySpec.EcSm2, ProtectionLevel.Software), InlineData(KeySpec.Rsa2048, ProtectionLevel.Hsm)]
    public async Task Material_opens_in_its_own_place_only(KeySpec spec, ProtectionLevel level)
    {
        using var made = await fixture.Make(spec, spec.DefaultUsage(), level);
        var place = made.Place;
        var elsewhere = new List<Place>
        {
            place with { GrainKey = place.GrainKey + "1" }, place with { VersionId = Guid.NewGuid() },
            place with { Level = level == ProtectionLevel.Hsm ? ProtectionLevel.Software : ProtectionLevel.Hsm },
        };
        elsewhere.AddRange(Enum.GetValues<KeySpec>().Where(other => other != spec).Select(other => place with { Spec = other }));
        if (!spec.IsSymmetric()) elsewhere.Add(place with { Usage = place.Usage == KeyUsage.SignVerify ? KeyUsage.EncryptDecrypt : KeyUsage.SignVerify });
        foreach (var other in elsewhere) await Assert.ThrowsAsync<InvalidDataException>(() => fixture.Open(other, made.Stored));
        (await fixture.Open(place, made.Stored)).Dispose();
    }

    [Theory, InlineData(KeySpec.Sm4, ProtectionLevel.Software), InlineData(KeySpec.EcP256, ProtectionLevel.Hsm), InlineData(KeySpec.Rsa2048, ProtectionLevel.Software)]
    public async Task Altered_material_does_not_open(KeySpec spec, ProtectionLevel level)
    {
        using var made = await fixture.Make(spec, spec.DefaultUsage(), level);
        for (var i = 0; i < made.Stored.Length; i += 7)
        {
            var changed = made.Stored.ToArray();
            changed[i] ^= 1;
            await Assert.ThrowsAsync<InvalidDataException>(() => fixture.Open(made.Place, changed));
        }
        foreach (var length in new[] { 0, 27, made.Stored.Length - 1 }) await Assert.ThrowsAsync<InvalidDataException>(() => fixture.Open(made.Place, made.Stored[..length]));
    }

    [Fact]
    public async Task New_material_prints_no_bytes()
    {
        var made = await fixture.Stored.Generate("1/1", Guid.NewGuid(), KeySpec.EcP256, KeyUsage.SignVerify, ProtectionLevel.Software);
        Assert.Equal("NewMaterial", made.ToString());
    }

    [Fact]
    public async Task A_usage_that_the_spec_does_not_allow_is_refused() => await Assert.ThrowsAsync<ArgumentException>(
        () => fixture.Stored.Generate("1/1", Guid.NewGuid(), KeySpec.EcP256, KeyUsage.EncryptDecrypt, ProtectionLevel.Software));

    private static async Task AssertBad(Func<ValueTask<byte[]>> decrypt)
    {
        var error = await Assert.ThrowsAsync<KmsException>(async () => await decrypt());
        Assert.Equal(KmsException.BadCiphertext().Message, error.Message);
    }
}
