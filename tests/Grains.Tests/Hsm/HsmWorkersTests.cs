using Orleans.Kms.Grains.Tests.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class HsmWorkersTests(MaterialFixture fixture, TokenFixture token) : IClassFixture<MaterialFixture>
{
    [Fact]
    public async Task Every_lane_is_there_and_can_be_probed()
    {
        var lanes = fixture.Workers.All().Select(worker => worker.GetPrimaryKeyLong()).ToArray();
        Assert.Equal([0L, 1, 2, 3], lanes);
        foreach (var worker in fixture.Workers.All()) await worker.Probe();
    }

    [Fact]
    public void Private_keys_keep_off_the_lanes_of_aes()
    {
        for (var i = 0; i < 100; i++)
        {
            var version = Guid.NewGuid();
            Assert.Equal(0, fixture.Workers.For(version).GetPrimaryKeyLong());
            Assert.Equal(0, fixture.Workers.For(version, KeySpec.Sm4).GetPrimaryKeyLong());
            Assert.InRange(fixture.Workers.PrivateKeys(version).GetPrimaryKeyLong(), 1, 2);
            Assert.Equal(fixture.Workers.PrivateKeys(version).GetPrimaryKeyLong(), fixture.Workers.For(version, KeySpec.Rsa2048).GetPrimaryKeyLong());
        }
        Assert.Equal(3, fixture.Workers.PairMaker(Guid.NewGuid(), KeySpec.Rsa2048).GetPrimaryKeyLong());
        // Curves need no time, and do not wait for RSA.
        Assert.InRange(fixture.Workers.PairMaker(Guid.NewGuid(), KeySpec.EcP256).GetPrimaryKeyLong(), 1, 2);
    }

    [Fact]
    public async Task A_lane_that_makes_a_pair_holds_up_neither_probes_nor_aes()
    {
        // Opens each lane's session, so that the calls below are as quick as they get.
        foreach (var worker in fixture.Workers.All()) await worker.Probe();
        var pair = fixture.Workers.PairMaker(Guid.NewGuid(), KeySpec.Rsa4096).GenerateKeyPair(KeySpec.Rsa4096, KeyUsage.SignVerify).AsTask();
        foreach (var worker in fixture.Workers.All()) await worker.Probe();
        Assert.NotEmpty((await fixture.Workers.For(Guid.NewGuid()).Seal([], [1])).Bytes);
        Assert.False(pair.IsCompleted);
        Assert.Equal(KeySpec.Rsa4096.ModulusBytes() + 38, (await pair).PublicKey.Length);
    }

    [Fact]
    public async Task A_private_key_is_forgotten_where_it_is_cached()
    {
        using var made = await fixture.Make(KeySpec.EcP256, KeyUsage.SignVerify, ProtectionLevel.Hsm);
        var before = TokenObjects.Count(token.Options, isToken: false);
        await made.PrivateKey.Sign(SigningAlgorithm.EcdsaSha256, new byte[32]);
        await fixture.Workers.For(made.Place.VersionId, KeySpec.EcP256).Forget(made.Place.VersionId);
        // The lane opened its session, with the service key in it, for the first of these calls.
        Assert.InRange(TokenObjects.Count(token.Options, isToken: false), before, before + 1);
        await made.PrivateKey.Sign(SigningAlgorithm.EcdsaSha256, new byte[32]);
    }
}
