using System.Globalization;

namespace Orleans.Kms.Client.Tests;

/// <summary>Tests against a cluster of processes.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}

/// <summary>What <c>start.sh --cluster 2x1</c> starts: PostgreSQL, silos and a gateway, TLS between them. Started by the first test that needs it.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    // Those up to 160 above it are needed, too, all below the ports that outgoing connections get; another test run on this machine has others.
    private static readonly int Port = 12_000 + (Environment.ProcessId % 90 * 200);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-cluster-");
    private Task<ServiceProgram>? _program;

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>The settings of a client that finds the silos in the database, as the samples' README gives them.</summary>
    public IReadOnlyDictionary<string, string> ByDatabase => new Dictionary<string, string>(Tls)
    {
        ["Kms__Database"] = $"Host=127.0.0.1;Port={Port + 100};Database=kms;Username=kms_gateway;Password={File.ReadAllText(Path.Combine(Data, "secrets", "kms_gateway")).Trim()}",
    };

    /// <summary>The settings of a client that is told where the silos are.</summary>
    public IReadOnlyDictionary<string, string> ByGateways => Enumerable.Range(0, 2).Aggregate(new Dictionary<string, string>(Tls), (settings, i) =>
    {
        settings[string.Create(CultureInfo.InvariantCulture, $"Kms__Gateways__{i}")] = string.Create(CultureInfo.InvariantCulture, $"localhost:{Port + 121 + i}");
        return settings;
    });

    private Dictionary<string, string> Tls => new()
    {
        ["Kms__CredentialsFile"] = Path.Combine(Data, "credentials.json"),
        ["Kms__CertificateFile"] = Path.Combine(Data, "tls", "client.pem"),
        ["Kms__KeyFile"] = Path.Combine(Data, "tls", "client.key"),
        ["Kms__AuthorityFile"] = Path.Combine(Data, "tls", "authority.pem"),
    };

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Starts it, unless it runs already.</summary>
    public Task Start() => _program ??= StartProgram();

    public async Task DisposeAsync()
    {
        if (_program is { IsCompletedSuccessfully: true }) await (await _program).DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Ends a silo as a crash does.</summary>
    public void KillSilo(int number) =>
        ServiceProgram.Kill(int.Parse(File.ReadAllText(Path.Combine(Data, "processes", string.Create(CultureInfo.InvariantCulture, $"silo-{number}"))), CultureInfo.InvariantCulture));

    private async Task<ServiceProgram> StartProgram()
    {
        // The owner of PostgreSQL's process is another user where tests run as root.
        File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        string[] arguments = [Path.Combine(ServiceProgram.Root, "start.sh"), "--cluster", "2x1", "--no-build", "--port", Port.ToString(CultureInfo.InvariantCulture), "--data", Data];
        for (var attempt = 1; ; attempt++)
        {
            // Silos of a machine that is too busy may take each other for dead while they start; the next start goes on with what is there.
            try { return await ServiceProgram.Start("Orleans.Kms is ready", "bash", arguments, new Dictionary<string, string>()); }
            catch (InvalidOperationException) when (attempt < 3) { }
        }
    }
}
