using System.Diagnostics;
using System.Globalization;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>A PostgreSQL server of its own, which writes as durably as PostgreSQL does by itself.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const string Owner = "kms";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly string _folder;
    private readonly string _listen;
    private readonly int _port;
    private readonly string _logFile;
    private Process? _server;
    private Task _logged = Task.CompletedTask;

    private Database(string folder, string listen, int port, string logFile) => (_folder, _listen, _port, _logFile) = (folder, listen, port, logFile);

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="address">Where it listens, besides loopback.</param>
    /// <param name="port">Its port.</param>
    /// <param name="logFile">Where all that it writes goes.</param>
    public static async Task<Database> Make(string folder, string address, int port, string logFile)
    {
        Directory.CreateDirectory(folder);
        // initdb refuses to run as root; the package has made this user.
        if (Environment.IsPrivilegedProcess) await Command.Run("chown", ["postgres", folder]);
        var listen = string.Join(',', new[] { "127.0.0.1", address }.Distinct());
        var database = new Database(folder, listen, port, logFile);
        var make = AsOwner("initdb", "-D", database.Data, "-A", "trust", "-U", Owner, "-E", "UTF8");
        await Command.Run(make[0], make.Skip(1));
        await File.AppendAllTextAsync(Path.Combine(database.Data, "pg_hba.conf"), "host all all samenet trust\n");
        await database.Start();
        return database;
    }

    /// <summary>The connection string of a role at the address where it is reached.</summary>
    public string ConnectionString(string address, string role = Owner) => string.Create(CultureInfo.InvariantCulture, $"Host={address};Port={_port};Username={role};Database=postgres");

    /// <summary>Starts it and waits until it serves.</summary>
    public async Task Start()
    {
        var command = AsOwner("postgres", "-D", Data, "-k", _folder, "-c", $"listen_addresses={_listen}", "-c", $"port={_port}", "-c", "max_connections=300");
        (_server, _logged) = ProcessLog.Start(command, new Dictionary<string, string>(), _logFile);
        while (!await IsReady())
        {
            if (_server.HasExited) throw new InvalidOperationException($"PostgreSQL has ended; see {_logFile}");
            await Task.Delay(Interval);
        }
    }

    /// <summary>Runs a statement.</summary>
    public Task Run(string sql) => Command.Run(Tool("psql"), ["-h", "127.0.0.1", "-p", $"{_port}", "-U", Owner, "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql]);

    /// <summary>kill -9 of all its processes at once.</summary>
    public async Task Kill()
    {
        if (_server is not { HasExited: false }) return;
        await Command.Run("kill", ["-9", .. ChildrenOf(_server.Id).Prepend(_server.Id).Select(pid => $"{pid}")]);
        await _server.WaitForExitAsync();
        await _logged;
        _server.Dispose();
        _server = null;
    }

    public async ValueTask DisposeAsync() => await Kill();

    private async Task<bool> IsReady()
    {
        try
        {
            await Run("SELECT 1");
            return true;
        }
        catch (InvalidOperationException) { return false; }
    }

    private static IEnumerable<int> ChildrenOf(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture));

    private static string Tool(string name) =>
        Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", name)).Last(File.Exists);

    private static string[] AsOwner(string tool, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", Tool(tool), .. arguments]
        : [Tool(tool), .. arguments];
}
