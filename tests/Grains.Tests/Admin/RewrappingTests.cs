using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Grains.Tests.Trail;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Keys;
using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Admin;
using Orleans.Kms.Silo.Storage;
using Orleans.Storage;

namespace Orleans.Kms.Grains.Tests.Admin;

[Collection(TokenTests.Name)]
public sealed class RewrappingTests(TokenFixture token) : IAsyncLifetime
{
    private readonly HsmOptions _hsm = token.NewToken();
    private readonly string _folder = token.NewFolder();
    private readonly List<string> _said = [];
    private TestKms? _kms;
    private Rewrapping? _rewrapping;

    private TestKms Kms => _kms!;

    private RootKeyTokens Tokens => new(_hsm);

    public async Task InitializeAsync()
    {
        _kms = await TestKms.Start(token, _folder, hsm: _hsm);
        _rewrapping = ActivatorUtilities.CreateInstance<Rewrapping>(_kms.Services, _kms.Folder.Sources, _hsm);
    }

    public async Task DisposeAsync() => await Kms.DisposeAsync();

    [Fact]
    public async Task Keys_of_every_state_and_kind_are_rewrapped_and_live_on_without_the_old_root_key()
    {
        var aes = await Kms.CreateKey(ProtectionLevel.Hsm);
        var blob = (await aes.Encrypt([1, 2], EncryptionContext.Empty)).CiphertextBlob;
        var disabled = await Make(KeySpec.Aes256);
        await Kms.Key(disabled).Disable();
        var pending = await Make(KeySpec.Aes256);
        await Kms.Lifecycle(pending).ScheduleDeletion(7);
        var pair = await Make(KeySpec.EcP256, KeyUsage.SignVerify);
        await Make(KeySpec.Aes256, origin: KeyOrigin.External);
        var software = await Make(KeySpec.Aes256, level: ProtectionLevel.Software);
        Tokens.Add(2);

        Assert.Equal("in the database: the service key under kms-root-2; 4 key versions under kms-root-2", await Run());
        Assert.Equal(["The service key is wrapped under kms-root-2; new keys are, too.", "4 key versions were re-wrapped."], _said);
        _said.Clear();
        Assert.Equal("in the database: the service key under kms-root-2; 4 key versions under kms-root-2", await Run());
        Assert.Equal(["0 key versions were re-wrapped."], _said);

        Tokens.Destroy(1);
        // The activation that had the old form before does not need it any more, even if the token's memory forgets the key.
        await Forget(aes);
        Assert.Equal([1, 2], (await aes.Decrypt(blob, EncryptionContext.Empty)).Plaintext);
        await Kms.Key(disabled).Enable();
        await Kms.Lifecycle(pending).CancelDeletion();
        foreach (var id in new[] { disabled, pending, software }) await Kms.Key(id).Encrypt([1], EncryptionContext.Empty);
        var version = (await Kms.Versions(pair).ListVersions(new(1, 10))).Versions[0].VersionId;
        Assert.NotEmpty(await Kms.Asymmetric(pair).Sign(version, SigningAlgorithm.EcdsaSha256, new byte[32]));
        Assert.NotNull(await Kms.CreateKey(ProtectionLevel.Hsm));

        await Kms.DisposeAsync();
        _kms = await TestKms.Start(token, _folder, hsm: _hsm);
        Kms.SignIn();
        Assert.Equal([1, 2], (await Kms.Key(Id(aes)).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
    }

    // As a process leaves it that dies between a change and its event.
    [Fact]
    public async Task What_the_last_change_left_is_told_also_after_it()
    {
        var key = await Kms.CreateKey(ProtectionLevel.Hsm);
        var state = new GrainState<KeyRecord>();
        await Kms.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains).ReadStateAsync(KeyRecord.StateName, key.GetGrainId(), state);
        var now = Kms.Clock.GetUtcNow();
        var left = ChangeDraft.Of(Kms.Services.GetRequiredService<EventMaker>().OfService("Left", TestKms.Account, now, Guid.NewGuid())) with { Change = state.State!.Change!.Value };
        await Kms.Services.GetRequiredService<TrailWriter>().Intend(new(left.Event(), key.GetGrainId().ToString(), now, Clears: false));
        Tokens.Add(2);
        await Run();
        await Kms.Services.GetRequiredService<IntentRecovery>().Run(now.AddSeconds(1));
        Assert.Single(await Recorded.Of(Kms, "Left"));
    }

    [Fact]
    public async Task Encryption_and_changes_of_state_go_on_meanwhile()
    {
        var keys = new List<IKeyGrain>();
        for (var i = 0; i < 20; i++) keys.Add(await Kms.CreateKey(ProtectionLevel.Hsm));
        var blobs = new ConcurrentBag<(IKeyGrain Key, byte[] Blob)>();
        Tokens.Add(2);
        using var ended = new CancellationTokenSource();
        var busy = keys.Select((key, i) => Task.Run(async () =>
        {
            Kms.SignIn();
            var id = Id(key);
            do
            {
                blobs.Add((key, (await key.Encrypt([(byte)i], EncryptionContext.Empty)).CiphertextBlob));
                if (i % 4 == 0)
                {
                    await key.Disable();
                    await key.Enable();
                }
                if (i % 4 == 1)
                {
                    await Kms.Lifecycle(id).ScheduleDeletion(7);
                    await Kms.Lifecycle(id).CancelDeletion();
                }
            }
            while (!ended.IsCancellationRequested);
        })).ToArray();
        try { await Run(); }
        finally { await ended.CancelAsync(); }
        await Task.WhenAll(busy);
        // What was made under the old root key while this began is done by another run.
        await Run();
        Tokens.Destroy(1);
        Kms.SignIn();
        foreach (var (key, blob) in blobs) await key.Decrypt(blob, EncryptionContext.Empty);
        Assert.All(keys, key => Assert.Contains(blobs, made => made.Key == key));
    }

    [Fact]
    public async Task A_key_with_many_versions_is_rewrapped_in_parts()
    {
        var id = await Make(KeySpec.Aes256);
        await AddVersions(id, 2 * IKeyServiceGrain.RewrappedAtOnce);
        Tokens.Add(2);
        Assert.Equal("in the database: the service key under kms-root-2; 65 key versions under kms-root-2", await Run());
    }

    [Fact]
    public async Task A_damaged_key_keeps_the_others_from_nothing_and_the_old_root_key_from_retirement()
    {
        var good = await Make(KeySpec.Aes256);
        await Kms.DamageState(await Make(KeySpec.Aes256));
        Tokens.Add(2);
        var error = await Assert.ThrowsAsync<StartupException>(Run);
        Assert.Contains("1 keys could not be re-wrapped (the log tells which), 1 cannot be read; in the database: 1 key version under kms-root-2", error.Message, StringComparison.Ordinal);
        Kms.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains("nobody knows which root key they need", (await Assert.ThrowsAsync<StartupException>(() => Retire(1))).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], Tokens.Versions());
        Kms.SignIn();
        await Kms.Key(good).Encrypt([1], EncryptionContext.Empty);
    }

    [Fact]
    public async Task A_root_key_is_retired_only_when_it_wraps_nothing_and_the_calls_from_before_have_ended()
    {
        await Make(KeySpec.Aes256);
        Tokens.Add(2);
        Assert.Contains("kms-root-1 is in use", (await Assert.ThrowsAsync<StartupException>(() => Retire(1))).Message, StringComparison.Ordinal);
        Assert.Contains("holds no kms-root-3", (await Assert.ThrowsAsync<StartupException>(() => Retire(3))).Message, StringComparison.Ordinal);
        await Run();
        _said.Clear();
        var retiring = Retire(1);
        await Until.True(() => Task.FromResult(_said.Count > 0));
        Assert.StartsWith("Waiting for 120 s", _said[0], StringComparison.Ordinal);
        Assert.False(retiring.IsCompleted);
        Assert.Equal([1, 2], Tokens.Versions());
        Kms.Clock.Advance(TimeSpan.FromMinutes(2) + LeapingClock.Lateness);
        Assert.Equal("kms-root-1 is destroyed", await retiring);
        Assert.Equal([2], Tokens.Versions());
    }

    [Fact]
    public async Task A_root_key_that_still_wraps_a_key_is_not_retired()
    {
        await Make(KeySpec.Aes256);
        Tokens.Add(2);
        // As if the process had been killed between its two parts.
        var serviceKey = Kms.Services.GetRequiredService<ServiceKey>();
        serviceKey.Replace(StoreRewrapped(serviceKey, 2));
        Assert.Contains("1 key version is wrapped under kms-root-1 still", (await Assert.ThrowsAsync<StartupException>(() => Retire(1))).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], Tokens.Versions());
    }

    [Fact]
    public async Task The_root_key_that_the_database_needs_is_not_retired_even_if_the_service_does_not_know()
    {
        Tokens.Add(2);
        // As if the write of the re-wrapped service key had failed after it was durable.
        StoreRewrapped(Kms.Services.GetRequiredService<ServiceKey>(), 2);
        Assert.Contains("kms-root-2 is in use", (await Assert.ThrowsAsync<StartupException>(() => Retire(2))).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], Tokens.Versions());
    }

    [Fact]
    public async Task Nothing_is_rewrapped_to_an_older_root_key()
    {
        await Make(KeySpec.Aes256);
        Tokens.Add(2);
        await Run();
        Tokens.Destroy(2);
        Assert.Contains("Not every token holds kms-root-2", (await Assert.ThrowsAsync<StartupException>(Run)).Message, StringComparison.Ordinal);
        Tokens.Destroy(1);
        Assert.Contains("Not every token holds kms-root-2", (await Assert.ThrowsAsync<StartupException>(Run)).Message, StringComparison.Ordinal);
        Assert.Equal(2, Kms.Services.GetRequiredService<ServiceKey>().Wrapped.RootKeyVersion);
    }

    private static Guid Id(IKeyGrain key) => Guid.Parse(key.GetPrimaryKeyString().Split('/')[1]);

    private Task<string> Run() => _rewrapping!.Run(Said, CancellationToken.None);

    private Task<string> Retire(int version) => _rewrapping!.Retire(version, Said, CancellationToken.None);

    private Task Said(string line)
    {
        _said.Add(line);
        return Task.CompletedTask;
    }

    private WrappedKey StoreRewrapped(ServiceKey serviceKey, int version)
    {
        var rewrapped = ServiceKeySetup.Use(_hsm, serviceKey, session => session.Rewrap(new HsmKey(Guid.Empty, serviceKey.Wrapped), version));
        using var connection = Kms.Folder.Kms.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        Assert.True(ServiceSecrets.Replace(command, ServiceSecrets.ServiceKey, serviceKey.Wrapped.Bytes, version, rewrapped.Bytes));
        return rewrapped;
    }

    // Not asynchronous itself: so the test's later calls are signed in, too.
    private Task<Guid> Make(KeySpec spec, KeyUsage usage = KeyUsage.EncryptDecrypt, KeyOrigin origin = KeyOrigin.Kms, ProtectionLevel level = ProtectionLevel.Hsm)
    {
        Kms.SignIn();
        return Create();

        async Task<Guid> Create() => (await Kms.Directory().CreateKey(new(spec, usage, origin, level, "test"))).KeyId;
    }

    // What years of rotation make.
    private async Task AddVersions(Guid id, int count)
    {
        var key = Kms.Key(id);
        await Kms.Deactivate(key);
        var storage = Kms.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains);
        var state = new GrainState<KeyRecord>();
        await storage.ReadStateAsync(KeyRecord.StateName, key.GetGrainId(), state);
        var record = state.State!;
        var versions = record.Versions.ToList();
        var material = Kms.Services.GetRequiredService<StoredMaterial>();
        for (var i = 0; i < count; i++) versions.Add(await KeyVersionRecord.Make(material, key.GetPrimaryKeyString(), record.Spec, record.Usage, record.ProtectionLevel, Kms.Clock));
        state.State = record with { Versions = versions };
        await storage.WriteStateAsync(KeyRecord.StateName, key.GetGrainId(), state);
    }

    private async Task Forget(IKeyGrain key)
    {
        var versions = await Kms.Versions(Id(key)).ListVersions(new(1, 10));
        var workers = Kms.Services.GetRequiredService<HsmWorkers>();
        foreach (var version in versions.Versions) await workers.For(version.VersionId).Forget(version.VersionId);
    }
}
