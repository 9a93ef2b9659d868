using System.Diagnostics;
using Npgsql;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>A PostgreSQL server of the tests' own, in a temporary folder and on a socket there.</summary>
public sealed class PostgresServer : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("kms-pg-");
    private int _schemas;

    public PostgresServer()
    {
        // initdb refuses to run as root; the package has made this user.
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", _folder.FullName);
        RunAsOwner("initdb", "-D", Data, "-A", "trust", "-U", "kms", "-E", "UTF8", "--no-sync");
        RunAsOwner("pg_ctl", "-D", Data, "-w", "-s", "-l", Path.Combine(_folder.FullName, "log"), "-o", $"-k {_folder.FullName} -c listen_addresses= -c fsync=off -c max_connections=200", "start");
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Gives the connection string of an empty schema.</summary>
    public string NewSchema()
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = _folder.FullName, Username = "kms", Database = "postgres", MaxAutoPrepare = 20 };
        var name = $"t{Interlocked.Increment(ref _schemas)}";
        using var source = NpgsqlDataSource.Create(builder);
        using var command = source.CreateCommand($"CREATE SCHEMA {name}");
        command.ExecuteNonQuery();
        builder.SearchPath = name;
        return builder.ConnectionString;
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        RunAsOwner("pg_ctl", "-D", Data, "-m", "immediate", "-s", "stop");
        _folder.Delete(recursive: true);
    }

    private static void RunAsOwner(string tool, params string[] arguments)
    {
        var path = System.IO.Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", tool)).Last(File.Exists);
        if (Environment.IsPrivilegedProcess) Run("setpriv", ["--reuid", "postgres", "--regid", "postgres", "--init-groups", path, .. arguments]);
        else Run(path, arguments);
    }

    // Output is left alone: the server keeps its descriptors open.
    private static void Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{file} ended with {process.ExitCode}.");
    }
}

/// <summary>Tests that share the server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
