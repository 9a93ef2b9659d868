using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Tests.Trail;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Runtime.Placement;

namespace Orleans.Kms.Grains.Tests.Quotas;

/// <summary>The limits on calls in a second, on real silos.</summary>
[Collection(TokenTests.Name)]
public sealed class RateLimitTests(TokenFixture token)
{
    private const int PerSecond = 10;

    [Fact]
    public async Task Calls_over_the_limit_are_refused_counted_and_recorded_until_their_time_has_come_and_other_accounts_and_classes_go_on()
    {
        await using var kms = await Start(silos: 1);
        var key = await CreateKey(kms, null);
        var refused = new ConcurrentDictionary<string, long>();
        using var listener = Listen(kms, refused);
        Assert.Equal(PerSecond, await Encrypted(kms, key, PerSecond + 5));
        Assert.Equal(5, (await Recorded.Of(kms, "Encrypt")).Count(e => e.Error == "Rejected.Throttling"));
        Assert.Equal(new Dictionary<string, long> { ["kms:Encrypt Symmetric"] = 5 }, refused);
        kms.SignIn();
        await kms.Directory().ListKeys(new(1, 10), KeyFilter.All);
        var others = await (await kms.CreateKey(account: TestKms.Stranger)).Describe();
        Assert.Equal(PerSecond + 5, await Encrypted(kms, others.KeyId, PerSecond + 5, TestKms.Stranger));
        kms.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(PerSecond / 2, await Encrypted(kms, key, PerSecond));
    }

    // Whoever goes round the gateway meets the same door.
    [Fact]
    public async Task Direct_callers_have_the_same_limit()
    {
        await using var kms = await Start(silos: 1);
        var id = await CreateKey(kms, null);
        kms.SignIn();
        var key = kms.Client.GetGrain<IKeyGrain>(KeyId.GrainKey(TestKms.Account, id));
        for (var i = 0; i < PerSecond; i++) await key.Encrypt([1], EncryptionContext.Empty);
        Assert.Equal(KmsErrorCode.Throttled, (await Assert.ThrowsAsync<KmsException>(() => key.Encrypt([1], EncryptionContext.Empty).AsTask())).Code);
    }

    // A CMK lives on one silo, and a client may keep to one CMK: neither may it get less than the limit, nor may the silos together give more.
    [Fact]
    public async Task Silos_share_a_limit_by_what_they_are_asked_for()
    {
        await using var kms = await Start(silos: 2);
        var keys = new List<Guid>();
        foreach (var silo in kms.Silos) keys.Add(await CreateKey(kms, silo.GetRequiredService<ILocalSiloDetails>().SiloAddress));
        Assert.Equal(PerSecond, await Settled(kms, keys, PerSecond * 2, 0));
        Assert.Equal(PerSecond, await Settled(kms, keys, PerSecond * 2, PerSecond * 2));
        Assert.Equal(PerSecond, await Settled(kms, keys, 0, PerSecond * 2));
    }

    // What is admitted in a second, on average of ten, once the silos have heard of each other.
    private static async Task<double> Settled(TestKms kms, List<Guid> keys, int ofFirst, int ofSecond)
    {
        var admitted = new Queue<int>();
        for (var seconds = 0; seconds < 100; seconds++)
        {
            kms.Clock.Advance(TimeSpan.FromSeconds(1));
            admitted.Enqueue(await Encrypted(kms, keys[0], ofFirst) + await Encrypted(kms, keys[1], ofSecond));
            if (admitted.Count > 10) admitted.Dequeue();
            if (admitted.Count == 10 && admitted.Average() == PerSecond) break;
        }
        return admitted.Average();
    }

    private static async Task<int> Encrypted(TestKms kms, Guid id, int calls, string account = TestKms.Account)
    {
        kms.SignIn(account);
        var succeeded = 0;
        for (var i = 0; i < calls; i++)
        {
            try
            {
                await kms.Key(id, account).Encrypt([1], EncryptionContext.Empty);
                succeeded++;
            }
            catch (KmsException e) when (e.Code == KmsErrorCode.Throttled) { }
        }
        return succeeded;
    }

    private static async Task<Guid> CreateKey(TestKms kms, SiloAddress? silo)
    {
        kms.SignIn();
        if (silo is not null) RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try { return (await kms.Directory().CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, ""))).KeyId; }
        finally { RequestContext.Clear(); }
    }

    private static MeterListener Listen(TestKms kms, ConcurrentDictionary<string, long> refused)
    {
        var meters = kms.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) => { if (instrument.Name == "kms.rate.refused" && instrument.Meter.Scope == meters) listening.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => refused.AddOrUpdate($"{tags[0].Value} {tags[1].Value}", value, (_, sum) => sum + value));
        listener.Start();
        return listener;
    }

    private Task<TestKms> Start(short silos)
    {
        var rootKeys = Path.Combine(token.NewFolder(), "root.keys");
        var options = new KmsOptions { RootKeyFile = rootKeys, Quotas = { Accounts = { [TestKms.Account] = new() { SymmetricCallsPerSecond = PerSecond } } } };
        return TestKms.Start(token, token.NewFolder(), silo => silo.Services.AddSingleton(Options.Create(options)), rootKeyFile: rootKeys, silos: silos);
    }
}
