using Orleans.Kms.Cluster.Tests.Clients;
using System.Globalization;
using System.Reflection;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>A cluster of real processes with a database of its own. All of them end with it, and their logs stay unless it was said to have done well.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly string Root = typeof(TestCluster).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Root").Value!;
    private const string GatewayRole = "gateway";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly ClusterPlan _plan;
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly List<ServerProcess> _silos = [];
    private readonly List<ServerProcess> _gateways = [];
    private readonly Dictionary<ServerProcess, ProcessClock> _clocks = [];
    private Network? _network;
    private Database? _database;
    private Credentials? _credentials;
    private Certificates? _certificates;
    private string _clockShim = "";
    private int _databasePort;
    private bool _didWell;

    private TestCluster(ClusterPlan plan) => _plan = plan;

    /// <summary>Everything of it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("kms-failures-").FullName;

    public IReadOnlyList<ServerProcess> Silos => _silos;

    public IReadOnlyList<ServerProcess> Gateways => _gateways;

    /// <summary>Where the gateways are.</summary>
    public Gateways Endpoints { get; } = new();

    public Database Database => _database!;

    public Network Network => _network!;

    /// <summary>The clock of each silo and gateway.</summary>
    public IReadOnlyDictionary<ServerProcess, ProcessClock> Clocks => _clocks;

    /// <summary>The clients' clock, which dates their requests.</summary>
    public MovableTime Time { get; } = new();

    /// <summary>Starts a cluster and waits until it serves.</summary>
    public static async Task<TestCluster> Start(ClusterPlan plan)
    {
        var cluster = new TestCluster(plan);
        try
        {
            await cluster.Make();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that begins with one of the gateways.</summary>
    /// <param name="number">Which one.</param>
    /// <param name="timeout">How long it waits for an answer.</param>
    public KmsClient Client(int number, TimeSpan timeout) => new(Endpoints, number, _credentials!, timeout, Time);

    /// <summary>Where a silo's token is, unless somebody took it.</summary>
    /// <param name="silo">From 0 on.</param>
    public string TokenOf(int silo) => Path.Combine(DataOf(silo), "hsm", "tokens");

    /// <summary>How often a process was started again that had ended by itself: silos do when they hear that the others have taken them for dead.</summary>
    public int EndedByThemselves => Processes.Sum(process => process.EndedByItself);

    /// <summary>Starts what has ended, as often as it takes, until all serve: what whoever watches over the processes does.</summary>
    /// <exception cref="InvalidOperationException">They do not come to serve.</exception>
    public async Task Restore()
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !await AllServe(); await Task.Delay(Interval))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience) throw new InvalidOperationException($"Not all processes come to serve; see {Folder}");
            foreach (var process in Processes.Where(process => !process.IsRunning)) process.Launch();
        }
    }

    /// <summary>Says that nothing of it is needed any more.</summary>
    public void DidWell() => _didWell = true;

    public async ValueTask DisposeAsync()
    {
        var faults = new List<Exception>();
        while (_started.TryPop(out var started))
        {
            // One that does not end keeps none of the others running.
            try { await started.DisposeAsync(); }
            catch (Exception e) { faults.Add(e); }
        }
        if (_didWell) Directory.Delete(Folder, recursive: true);
        else await Console.Error.WriteLineAsync($"What the processes wrote is in {Path.Combine(Folder, "logs")}.");
        if (faults.Count > 0) throw new AggregateException(faults);
    }

    private async Task Make()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "logs"));
        // The database's user has to get at its folder.
        File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _network = Keep(await Network.Make(_plan.Silos));
        _databasePort = Ports.Next();
        _certificates = Certificates.Make(Folder);
        _clockShim = await ProcessClock.Compile(Path.Combine(Root, "tests/Shim/clock-shim.c"), Folder);
        _database = Keep(await Database.Make(Path.Combine(Folder, "database"), Network.Address, _databasePort, Path.Combine(Folder, "logs", "postgresql")));
        await Database.Run($"CREATE ROLE {GatewayRole} LOGIN");
        await Admin("database", "migrate", "--gateway-role", GatewayRole);
        for (var silo = 0; silo < _plan.Silos; silo++) await StartSilo(silo);
        _credentials = Credentials.Read(await Admin("add-account", "--data", DataOf(0)));
        for (var gateway = 0; gateway < _plan.Gateways; gateway++) await StartGateway(gateway);
    }

    private async Task<bool> AllServe() => Processes.All(process => process.IsRunning) && (await Task.WhenAll(Processes.Select(process => process.IsReady()))).All(isReady => isReady);

    private IEnumerable<ServerProcess> Processes => _silos.Concat(_gateways);

    private T Keep<T>(T started) where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }

    private string DataOf(int silo) => Path.Combine(Folder, $"silo-{silo + 1}");

    private Task<string> Admin(params string[] arguments) =>
        Command.Run(Path.Combine(Root, "kms-admin"), arguments, new Dictionary<string, string> { ["Kms__Database"] = Database.ConnectionString(Network.Address) });

    private async Task StartSilo(int silo)
    {
        // Each silo has its own token; all have the same root keys.
        if (silo > 0) await Command.Run("cp", ["-a", Path.Combine(DataOf(0), "hsm"), Directory.CreateDirectory(DataOf(silo)).FullName + "/hsm"]);
        var address = Network.SiloAddress(silo + 1);
        var monitoring = Ports.Next();
        var settings = Common(Database.ConnectionString(Network.Address), _certificates!.Silo, monitoring);
        Set(settings, "Cluster:SiloName", $"silo-{silo + 1}");
        Set(settings, "Cluster:Address", address);
        Set(settings, "Monitoring:Address", address);
        Set(settings, "Orleans:SiloPort", $"{Ports.Next()}");
        Set(settings, "Orleans:GatewayPort", $"{Ports.Next()}");
        Set(settings, "Trail:LookupsPerSecond", "10000");
        var process = Server($"silo-{silo + 1}", [.. Network.Prefix(silo + 1), "dotnet", Program("Silo"), "--data", DataOf(silo)], settings,
            new($"http://{address}:{monitoring}/readyz"));
        _silos.Add(process);
        await process.Start();
    }

    private async Task StartGateway(int gateway)
    {
        var (port, monitoring) = (Ports.Next(), Ports.Next());
        var settings = Common(Database.ConnectionString("127.0.0.1", GatewayRole), _certificates!.Gateway, monitoring);
        Set(settings, "Gateway:Port", $"{port}");
        var process = Server($"gateway-{gateway + 1}", ["dotnet", Program("Gateway")], settings, new($"http://127.0.0.1:{monitoring}/readyz"));
        _gateways.Add(process);
        Endpoints.Add(new($"http://127.0.0.1:{port}/"));
        await process.Start();
    }

    private ServerProcess Server(string name, IReadOnlyList<string> command, Dictionary<string, string> settings, Uri ready)
    {
        var clock = Keep(new ProcessClock(_clockShim, Path.Combine(Folder, $"{name}.clock")));
        foreach (var (variable, value) in clock.Environment) settings[variable] = value;
        var process = Keep(new ServerProcess(name, command, settings, ready, Path.Combine(Folder, "logs", name)));
        _clocks[process] = clock;
        return process;
    }

    private Dictionary<string, string> Common(string database, KeyPairFiles own, int monitoring)
    {
        var settings = new Dictionary<string, string>();
        Set(settings, "Database", database);
        Set(settings, "Monitoring:Port", monitoring.ToString(CultureInfo.InvariantCulture));
        Set(settings, "Cluster:Tls:AuthorityFile", _certificates!.AuthorityFile);
        Set(settings, "Cluster:Tls:CertificateFile", own.CertificateFile);
        Set(settings, "Cluster:Tls:KeyFile", own.KeyFile);
        return settings;
    }

    private static void Set(Dictionary<string, string> settings, string name, string value) => settings[$"Kms__{name.Replace(":", "__", StringComparison.Ordinal)}"] = value;

    private static string Program(string name) => Path.Combine(Root, "src", name, "bin", "Release", "net10.0", $"Orleans.Kms.{name}.dll");
}
