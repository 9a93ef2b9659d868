namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>PostgreSQL on the node, with passwords asked for over the network.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>The administrator, who signs in over <see cref="Folder"/>.</summary>
    public const string Administrator = "administrator";

    private readonly NetworkNamespace _network;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-pg-");

    public Database(NetworkNamespace network)
    {
        _network = network;
        // initdb refuses to run as root; the package has made this user.
        Command.Run("chown", "postgres", Folder);
        RunAsOwner("initdb", "-D", Data, "--auth-local", "trust", "--auth-host", "scram-sha-256", "-U", Administrator, "-E", "UTF8", "--no-sync");
        File.AppendAllText(Path.Combine(Data, "pg_hba.conf"), "host all all 10.244.0.0/24 scram-sha-256\n");
        RunAsOwner("pg_ctl", "-D", Data, "-w", "-s", "-l", Path.Combine(Folder, "log"), "-o", $"-k {Folder} -c listen_addresses={NetworkNamespace.NodeAddress} -c fsync=off -c max_connections=200", "start");
    }

    /// <summary>Where its socket is.</summary>
    public string Folder => _folder.FullName;

    private string Data => Path.Combine(Folder, "data");

    public void Dispose()
    {
        RunAsOwner("pg_ctl", "-D", Data, "-m", "immediate", "-s", "stop");
        _folder.Delete(recursive: true);
    }

    private void RunAsOwner(string tool, params string[] arguments)
    {
        var path = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", tool)).Last(File.Exists);
        Command.Run([.. _network.Enter, "setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", path, .. arguments]);
    }
}
