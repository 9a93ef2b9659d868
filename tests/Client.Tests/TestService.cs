using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;
using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Embedded;

namespace Orleans.Kms.Client.Tests;

/// <summary>The service on real ports of loopback, with a root key file. It can be stopped, and started again on the same folder and ports.</summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Account = "1000000000000001";
    private const string RootAccessKey = "LTAIclienttests";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-client-");
    private readonly HeldPort _siloPort = new();
    private readonly HeldPort _gatewayPort = new();
    private readonly TimeProvider _clock;
    private readonly TestCertificates? _tls;
    private readonly string _secret = RandomNumberGenerator.GetHexString(30);
    private IHost? _host;
    private DataFolder? _data;

    private TestService(TimeProvider clock, TestCertificates? tls)
    {
        _clock = clock;
        _tls = tls;
    }

    /// <summary>What has arrived at the silo.</summary>
    public Arrivals Arrivals { get; } = new();

    /// <summary>Where clients connect.</summary>
    public string Gateway => $"127.0.0.1:{_gatewayPort.Number}";

    public IServiceProvider Silo => _host!.Services;

    public static async Task<TestService> Start(TimeProvider? clock = null, TestCertificates? tls = null)
    {
        var service = new TestService(clock ?? TimeProvider.System, tls);
        await service.StartAgain();
        return service;
    }

    /// <summary>Ends the silo as an orderly stop does.</summary>
    public async Task Stop()
    {
        if (_host is null) return;
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _host = null;
        _data!.Dispose();
    }

    public async Task StartAgain()
    {
        _data = DataFolder.Open(Path.Combine(_folder.FullName, "data"));
        var rootKeyFile = Path.Combine(_folder.FullName, "root.keys");
        var prepared = EmbeddedSetup.Prepare(_data, new HsmOptions(), rootKeyFile);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddFilter(level => level >= LogLevel.Error).AddConsole();
        prepared.AddTo(builder.Services);
        builder.Services.AddSingleton(Options.Create(new HsmOptions())).AddSingleton(Options.Create(new KmsOptions { RootKeyFile = rootKeyFile }));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(_siloPort.Number, _gatewayPort.Number, serviceId: "kms", clusterId: "kms");
            silo.UseEmbedded(_data);
            silo.AddIncomingGrainCallFilter(Arrivals);
            if (_tls is not null) silo.UseTls(_tls.OfSilo);
            silo.Services.Replace(ServiceDescriptor.Singleton(_clock));
        });
        _host = builder.Build();
        await _host.StartAsync();
        await EnsureRoot();
    }

    /// <summary>Options of a client that signs in as the account's root.</summary>
    public void Connect(KmsClientOptions options)
    {
        options.Gateways.Add(Gateway);
        (options.AccessKeyId, options.AccessKeySecret) = (RootAccessKey, _secret);
        if (_tls is not null) (options.CertificateFile, options.KeyFile, options.AuthorityFile) = (_tls.CertificateFile, _tls.KeyFile, _tls.AuthorityFile);
    }

    /// <summary>Lets a client sign in with other credentials.</summary>
    public static void Use(KmsClientOptions options, KmsCredentials credentials) =>
        (options.AccessKeyId, options.AccessKeySecret, options.SecurityToken) = (credentials.AccessKeyId, credentials.AccessKeySecret, credentials.SecurityToken ?? "");

    /// <summary>A client that signs in as the account's root, unless it is told otherwise.</summary>
    public KmsClient Client(Action<KmsClientOptions>? configure = null, TimeProvider? clock = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(clock ?? _clock);
        services.AddKmsClient(options =>
        {
            Connect(options);
            configure?.Invoke(options);
        });
        // The client is all that the container makes.
        return services.BuildServiceProvider().GetRequiredService<KmsClient>();
    }

    /// <summary>Makes a CMK as the root.</summary>
    public static async Task<string> CreateKey(KmsClient root)
    {
        var directory = await root.Grain<IDirectoryGrain>(Account);
        return (await directory.CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, ""))).KeyId.ToString("D");
    }

    /// <summary>Makes a user with an access key and a policy that allows <paramref name="actions"/>; none, no policy.</summary>
    public static async Task<KmsCredentials> CreateUser(KmsClient root, string name, params string[] actions)
    {
        var users = await root.Grain<IRamUsersGrain>(Account);
        await users.CreateUser(new(name));
        if (actions.Length > 0)
        {
            var policies = await root.Grain<IRamPoliciesGrain>(Account);
            var list = string.Join(',', actions.Select(action => $"\"{action}\""));
            await policies.CreatePolicy(name, $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":[{{list}}],"Resource":"*"}]}""", null);
            await policies.AttachPolicyToUser(PolicyType.Custom, name, name);
        }
        var pair = await users.CreateAccessKey(name);
        return new(pair.AccessKey.AccessKeyId, pair.Secret);
    }

    /// <summary>Makes key versions that are due.</summary>
    public Task Sweep() => Silo.GetServices<IHostedService>().OfType<DueSweep>().Single().Run();

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _siloPort.Dispose();
        _gatewayPort.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task EnsureRoot()
    {
        Silo.GetRequiredService<SiloPass>().Attach();
        var key = Silo.GetRequiredService<IGrainFactory>().GetGrain<IAccessKeyServiceGrain>(RootAccessKey);
        if (await key.State() is null) await key.Issue(Account, null, Encoding.ASCII.GetBytes(_secret));
        RequestContext.Clear();
    }
}
