using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Listing;

[Collection(TokenTests.Name)]
public sealed class RegionTests(TokenFixture token)
{
    private static readonly EncryptionContext NoContext = EncryptionContext.Empty;

    [Fact]
    public async Task A_region_without_HSM_makes_no_such_keys_and_goes_on_with_those_it_has()
    {
        var folder = token.NewFolder();
        EncryptResult made;
        KeyMetadata aes, pair;
        await using (var with = await TestKms.Start(token, folder))
        {
            with.SignIn();
            (aes, pair) = (await Create(with.Directory(), KeySpec.Aes256), await Create(with.Directory(), KeySpec.EcP256));
            made = await with.Key(aes.KeyId).Encrypt([1], NoContext);
            Assert.Contains(await with.Directory().DescribeService(), offered => offered.Levels.Contains(ProtectionLevel.Hsm));
        }

        await using var without = await TestKms.Start(token, folder, WithoutHsm, clock => clock.Advance(TimeSpan.FromDays(8)));
        without.SignIn();
        foreach (var spec in new[] { KeySpec.Aes256, KeySpec.EcP256, KeySpec.EcSm2 })
        {
            foreach (var directory in new[] { without.Directory(), without.Client.GetGrain<IDirectoryGrain>(TestKms.Account) })
            {
                Assert.Equal(KmsErrorCode.UnsupportedProtectionLevel, (await Assert.ThrowsAsync<KmsException>(() => Create(directory, spec))).Code);
            }
        }
        Assert.All(await without.Directory().DescribeService(), offered => Assert.Equal([ProtectionLevel.Software], offered.Levels));
        Assert.Equal(2, (await without.Directory().ListKeys(new(1, 10), KeyFilter.All)).TotalCount);
        Assert.Equal([1], (await without.Key(aes.KeyId).Decrypt(made.CiphertextBlob, NoContext)).Plaintext);
        Assert.Equal(pair.KeyId, (await without.VersionMaker(pair.KeyId).CreateVersion()).KeyId);
        await without.CreateKey(ProtectionLevel.Software);
    }

    private static void WithoutHsm(ISiloBuilder silo) =>
        silo.Services.AddSingleton(Options.Create(new KmsOptions { Regions = [new() { Id = "elsewhere" }, new() { Id = "local-1", Hsm = false }] }));

    private static Task<KeyMetadata> Create(IDirectoryGrain directory, KeySpec spec) =>
        directory.CreateKey(new(spec, spec.IsSymmetric() ? KeyUsage.EncryptDecrypt : KeyUsage.SignVerify, KeyOrigin.Kms, ProtectionLevel.Hsm, ""));
}
