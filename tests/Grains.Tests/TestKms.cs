using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.Kms.Access;
using Orleans.Kms.Aliases;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Orleans.Kms.Grains.Tests;

/// <summary>A real silo on SQLite files and a real SoftHSM token, with a clock that tests move.</summary>
internal sealed class TestKms : IAsyncDisposable
{
    public const string Account = "1000000000000001";

    /// <summary>Another account.</summary>
    public const string Stranger = "2000000000000002";

    private readonly DataFolder _folder;
    private readonly InProcessTestCluster _cluster;

    private TestKms(DataFolder folder, InProcessTestCluster cluster, FakeTimeProvider clock)
    {
        _folder = folder;
        _cluster = cluster;
        Clock = clock;
    }

    internal DataFolder Folder => _folder;

    public FakeTimeProvider Clock { get; }
    public IServiceProvider Services => _cluster.Silos[0].ServiceProvider;

    /// <summary>All silos, where a test wants several.</summary>
    public IEnumerable<IServiceProvider> Silos => _cluster.Silos.Select(silo => silo.ServiceProvider);

    /// <summary>Calls from inside the silo, as the gateway of the embedded shape makes them.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Calls from outside, as other Orleans applications make them.</summary>
    public IClusterClient Client => _cluster.Client;

    /// <summary>Starts a silo on a folder, which may be one that an earlier silo left.</summary>
    public static async Task<TestKms> Start(
        TokenFixture token, string path, Action<ISiloBuilder>? configure = null, Action<FakeTimeProvider>? atStart = null, string rootKeyFile = "", HsmOptions? hsm = null, short silos = 1)
    {
        var clock = new LeapingClock(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        atStart?.Invoke(clock);
        hsm ??= token.Options;
        var folder = DataFolder.Open(path);
        try
        {
            var prepared = EmbeddedSetup.Prepare(folder, hsm, rootKeyFile);
            var builder = new InProcessTestClusterBuilder(silos) { Options = { ServiceId = "kms" } };
            builder.ConfigureSilo((_, silo) =>
            {
                prepared.AddTo(silo.Services);
                silo.Services.AddSingleton(Options.Create(hsm));
                if (rootKeyFile.Length > 0) silo.Services.AddSingleton(Options.Create(new KmsOptions { RootKeyFile = rootKeyFile }));
                silo.UseEmbedded(folder);
                configure?.Invoke(silo);
                // By the clock of the machine; whose call it was would wait for its time to end on a clock that stands still.
                silo.Configure<SiloMessagingOptions>(messaging => messaging.DropExpiredMessages = false);
                silo.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            });
            var cluster = builder.Build();
            await cluster.DeployAsync();
            return await (await new TestKms(folder, cluster, clock).WithRoot(Account)).WithRoot(Stranger);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Makes the access key that <see cref="SignIn"/> uses, unless there is one.</summary>
    private async Task<TestKms> WithRoot(string account)
    {
        Services.GetRequiredService<SiloPass>().Attach();
        var key = Grains.GetGrain<IAccessKeyServiceGrain>(RootKey(account));
        if (await key.State() is null) await key.Issue(account, null, new byte[30]);
        RequestContext.Clear();
        return this;
    }

    private static string RootKey(string account) => "LTAItest" + account;

    /// <summary>Signs the calls that follow in this asynchronous flow in as an account's root.</summary>
    public void SignIn(string account = Account) => Token(account).Attach();

    public CallerToken Token(string account = Account) =>
        Services.GetRequiredService<CallerTokenSeal>().Seal(account, RootKey(account), null, null, new("id", "127.0.0.1", "test", "localhost", false));

    /// <summary>What an access key of a user, or a session of a role, calls with.</summary>
    public CallerToken Token(string accessKeyId, string? userId, RoleSession? session = null, string account = Account, RequestFacts? facts = null) =>
        Services.GetRequiredService<CallerTokenSeal>().Seal(account, accessKeyId, userId, session, facts ?? new("id", "127.0.0.1", "test", "localhost", false));

    /// <summary>Makes a user with an access key, and gives what it calls with. The calls that follow are signed in as the account's root.</summary>
    public Task<CallerToken> CreateUser(string name, string account = Account)
    {
        SignIn(account);
        return Create();

        async Task<CallerToken> Create()
        {
            var users = Grains.GetGrain<IRamUsersGrain>(account);
            var user = await users.CreateUser(new(name));
            return Token((await users.CreateAccessKey(name)).AccessKey.AccessKeyId, user.UserId, null, account);
        }
    }

    /// <summary>The users of the account.</summary>
    public IRamUsersGrain Users => Grains.GetGrain<IRamUsersGrain>(Account);

    /// <summary>The groups of the account.</summary>
    public IRamGroupsGrain Groups => Grains.GetGrain<IRamGroupsGrain>(Account);

    /// <summary>The roles of the account.</summary>
    public IRamRolesGrain Roles => Grains.GetGrain<IRamRolesGrain>(Account);

    /// <summary>The policies of the account.</summary>
    public IRamPoliciesGrain Policies => Grains.GetGrain<IRamPoliciesGrain>(Account);

    /// <summary>Makes a key; the calls that follow are signed in as its account's root, which is why this method itself is not asynchronous.</summary>
    public Task<IKeyGrain> CreateKey(ProtectionLevel level = ProtectionLevel.Software, string account = Account)
    {
        SignIn(account);
        return Create();

        async Task<IKeyGrain> Create()
        {
            var made = await Directory(account).CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, level, "test"));
            return Key(made.KeyId, account);
        }
    }

    public IKeyGrain Key(Guid id, string account = Account) => Grains.GetGrain<IKeyGrain>(KeyId.GrainKey(account, id));

    public IKeyLifecycleGrain Lifecycle(Guid id) => Grains.GetGrain<IKeyLifecycleGrain>(KeyId.GrainKey(Account, id));

    public IKeyVersionsGrain Versions(Guid id) => Grains.GetGrain<IKeyVersionsGrain>(KeyId.GrainKey(Account, id));

    public IKeyVersionMakerGrain VersionMaker(Guid id) => Grains.GetGrain<IKeyVersionMakerGrain>(KeyId.GrainKey(Account, id));

    public IKeyLabelsGrain Labels(Guid id) => Grains.GetGrain<IKeyLabelsGrain>(KeyId.GrainKey(Account, id));

    public IDataKeysGrain DataKeys(Guid id) => Grains.GetGrain<IDataKeysGrain>(KeyId.GrainKey(Account, id));

    public IKeyImportGrain Import(Guid id) => Grains.GetGrain<IKeyImportGrain>(KeyId.GrainKey(Account, id));

    public IAsymmetricKeyGrain Asymmetric(Guid id) => Grains.GetGrain<IAsymmetricKeyGrain>(KeyId.GrainKey(Account, id));

    public IAliasGrain Alias(string name) => Grains.GetGrain<IAliasGrain>(AliasName.GrainKey(Account, name));

    /// <summary>Wakes what is overdue, as the service does every minute.</summary>
    public Task Sweep() => Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<DueSweep>().Single().Run();

    /// <summary>Signs what the trail has by now; from then on its key is among those in use in the token.</summary>
    public Task SignTrail() => Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Checkpointing>().Single().Run();

    /// <summary>What grain storage holds, as text.</summary>
    public List<string> StoredStates()
    {
        using var connection = _folder.Grains.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT CAST(COALESCE(PayloadBinary, '') AS TEXT) FROM OrleansStorage";
        var texts = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    /// <summary>Exchanges the stored public keys of two keys, as somebody could who can write the database.</summary>
    public async Task ExchangePublicKeys(Guid first, Guid second)
    {
        var storage = Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains);
        var states = new List<(GrainId Id, GrainState<KeyRecord> State)>();
        foreach (var id in new[] { first, second })
        {
            var grain = Grains.GetGrain<IKeyGrain>(KeyId.GrainKey(Account, id));
            await Deactivate(grain);
            var state = new GrainState<KeyRecord>();
            await storage.ReadStateAsync("key", grain.GetGrainId(), state);
            states.Add((grain.GetGrainId(), state));
        }
        var (one, two) = (states[0].State.State!, states[1].State.State!);
        states[0].State.State = one with { Versions = [one.Versions[0] with { PublicKey = two.Versions[0].PublicKey }] };
        states[1].State.State = two with { Versions = [two.Versions[0] with { PublicKey = one.Versions[0].PublicKey }] };
        foreach (var (id, state) in states) await storage.WriteStateAsync("key", id, state);
    }

    /// <summary>Removes a key's state behind its back, as a crash in the middle of its destruction leaves it.</summary>
    public async Task DestroyState(Guid id)
    {
        var grain = Grains.GetGrain<IKeyGrain>(KeyId.GrainKey(Account, id));
        await Deactivate(grain);
        var storage = Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains);
        var state = new GrainState<KeyRecord>();
        await storage.ReadStateAsync("key", grain.GetGrainId(), state);
        await storage.ClearStateAsync("key", grain.GetGrainId(), state);
    }

    /// <summary>Makes what is stored of a key unreadable.</summary>
    public async Task DamageState(Guid id)
    {
        await Deactivate(Key(id));
        using var connection = _folder.Grains.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        if (command.Sql("UPDATE OrleansStorage SET PayloadBinary = CAST('{' AS BLOB) WHERE GrainIdExtensionString LIKE @key", ("@key", $"%{id:D}")).ExecuteNonQuery() != 1) throw new InvalidOperationException("There is no such state.");
    }

    public IDirectoryGrain Directory(string account = Account) => Grains.GetGrain<IDirectoryGrain>(account);

    /// <summary>Makes an access key and gives its secret.</summary>
    public async Task<string> IssueAccessKey(string id, string account = Account)
    {
        var secret = RandomNumberGenerator.GetHexString(30);
        Services.GetRequiredService<SiloPass>().Attach();
        await Grains.GetGrain<IAccessKeyServiceGrain>(id).Issue(account, null, Encoding.ASCII.GetBytes(secret));
        return secret;
    }

    /// <summary>Switches an access key off, for which there is no action yet.</summary>
    public async Task SwitchOff(string accessKeyId)
    {
        var grain = Grains.GetGrain<IAccessKeyGrain>(accessKeyId);
        await Deactivate(grain);
        var storage = Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains);
        var state = new GrainState<AccessKeyRecord>();
        await storage.ReadStateAsync("access-key", grain.GetGrainId(), state);
        state.State = state.State! with { Active = false };
        await storage.WriteStateAsync("access-key", grain.GetGrainId(), state);
    }

    /// <summary>Ends an activation, so that the next call reads what is stored.</summary>
    public Task Deactivate(IAddressable grain) => _cluster.DeactivateAsync(grain);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }
}
