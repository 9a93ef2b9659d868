using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>The folder that holds everything of the embedded shape. One process owns it at a time; only its user may read it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = ".lock";

    private readonly FileStream? _lock;

    private DataFolder(string path, FileStream? @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>Grain state.</summary>
    public SqliteFile Grains => new(File("grains.db"), "Grains", 1);

    /// <summary>Reminders, apart from grain state: each file has one writer.</summary>
    public SqliteFile Reminders => new(File("reminders.db"), "Reminders", 1);

    /// <summary>The service's own tables.</summary>
    public SqliteFile Kms => new(File("kms.db"), "Kms", 5);

    /// <summary>The trail, whose writer should wait for no other.</summary>
    public SqliteFile Trail => new(File("trail.db"), "Trail", 1);

    /// <summary>All databases.</summary>
    public IReadOnlyList<SqliteFile> Databases => [Grains, Reminders, Kms, Trail];

    /// <summary>Where the embedded shape has its tables.</summary>
    public ServiceDatabases Sources => new(Kms.DataSource(), Kms.Path, Grains.DataSource(), Grains.Path);

    /// <summary>The SoftHSM token and its PINs.</summary>
    public string Hsm => File("hsm");

    /// <summary>Credentials of the accounts' roots.</summary>
    public string Accounts => File("accounts");

    /// <summary>Credentials of the first account.</summary>
    public string Credentials => File("credentials.json");

    /// <summary>Where commands of kms-admin reach the service that has the folder.</summary>
    public string AdminSocket => File("admin.sock");

    /// <summary>The folder as it is, without taking it: only for reading, and beside the process that has it.</summary>
    /// <exception cref="StartupException">There is no data folder.</exception>
    public static DataFolder Look(string path)
    {
        var folder = new DataFolder(System.IO.Path.GetFullPath(path), null);
        return System.IO.File.Exists(folder.Kms.Path) ? folder : throw new StartupException($"{folder.Path} is no data folder of Orleans.Kms; name it with --data.");
    }

    /// <summary>Likewise, that of a silo in a cluster, which has no databases in it.</summary>
    /// <exception cref="StartupException">There is no data folder.</exception>
    public static DataFolder LookAtSilo(string path)
    {
        var folder = new DataFolder(System.IO.Path.GetFullPath(path), null);
        return System.IO.File.Exists(folder.LockFile) ? folder : throw new StartupException($"{folder.Path} is no data folder of a silo; name it with --data.");
    }

    /// <summary>The file whose lock is the process's that has the folder.</summary>
    public string LockFile => File(LockName);

    /// <summary>Makes the folder with empty databases if there is none.</summary>
    public static void Make(string path)
    {
        if (System.IO.File.Exists(new DataFolder(System.IO.Path.GetFullPath(path), null).Kms.Path)) return;
        using var folder = Open(path);
        foreach (var file in folder.Databases) file.EnsureSchema();
    }

    /// <summary>Makes the folder of a silo in a cluster if there is none, for a token that gets its root key before the silo first starts.</summary>
    public static void MakeForSilo(string path)
    {
        if (System.IO.File.Exists(new DataFolder(System.IO.Path.GetFullPath(path), null).LockFile)) return;
        using var folder = Open(path);
    }

    /// <summary>Makes sure that no two operators change things at a time; held until disposed of.</summary>
    /// <exception cref="StartupException">Another command is at it.</exception>
    public IDisposable TakeForChange()
    {
        try { return Exclusive(File(".admin.lock")); }
        catch (IOException e) when (IsTaken(e)) { throw new StartupException($"another kms-admin command is changing {Path}; wait until it has ended."); }
    }

    /// <summary>Makes the folder if it is not there, and takes it for this process.</summary>
    /// <exception cref="StartupException">It cannot be written, or another process has it.</exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(full);
        }
        return new(full, Lock(full));
    }

    public void Dispose() => _lock?.Dispose();

    // The lock ends with the process, however it ends. Sharing violations are IOExceptions with an OS error behind them; an unwritable folder is refused access.
    private static FileStream Lock(string path)
    {
        try
        {
            return Exclusive(System.IO.Path.Combine(path, LockName));
        }
        catch (UnauthorizedAccessException)
        {
            throw NotWritable(path);
        }
        catch (IOException e) when (IsTaken(e))
        {
            throw new StartupException($"{path} is in use by another Orleans.Kms process; stop that one first, or give another folder with --data.");
        }
        catch (IOException)
        {
            throw NotWritable(path);
        }
    }

    private static FileStream Exclusive(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private static bool IsTaken(IOException e) => e.GetType() == typeof(IOException) && e.Message.Contains("used by another process", StringComparison.Ordinal);

    private static StartupException NotWritable(string path) => new($"{path} cannot be written; make it writable for this user, or give another folder with --data.");

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
