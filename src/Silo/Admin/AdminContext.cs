using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>What a command works with.</summary>
/// <param name="arguments">Its options.</param>
/// <param name="settings">The settings of the service.</param>
/// <param name="output">For the operator.</param>
/// <param name="cancellation">Ends when the operator interrupts.</param>
internal sealed class AdminContext(AdminArguments arguments, Settings settings, TextWriter output, CancellationToken cancellation)
{
    public AdminArguments Arguments { get; } = arguments;

    public Settings Settings { get; } = settings;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The user of the operating system who runs the command.</summary>
    public static string Operator => Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } caller ? $"{Environment.UserName} (sudo of {caller})" : Environment.UserName;

    /// <summary>Writes a line for the operator.</summary>
    public void Say(string line) => output.WriteLine(line);

    /// <summary>Goes on only if the operator typed <paramref name="text"/>, as <c>--confirm</c> or now.</summary>
    /// <exception cref="StartupException">That was not typed.</exception>
    public void Confirm(string text, string warning)
    {
        var typed = Arguments.Find(AdminOption.Confirm.Name);
        if (typed is null && !Console.IsInputRedirected)
        {
            Say(warning);
            output.Write($"Type {text} to go on: ");
            // Reading from a terminal cannot be interrupted: a thread is left at it, and ends with the process.
            try { typed = Task.Run(Console.ReadLine).WaitAsync(Cancellation).GetAwaiter().GetResult()?.Trim(); }
            catch (OperationCanceledException)
            {
                Say("");
                throw;
            }
        }
        if (typed != text) throw new StartupException($"{warning} Nothing was done; to go on, confirm with --confirm {text}");
    }

    /// <summary>Whether the settings name no token, so that it is the one in the data folder.</summary>
    public bool UsesFolderToken => Settings.Hsm.Addresses is [{ IsNameless: true }];

    /// <summary>Makes the settings name the folder's own token, if they name none.</summary>
    /// <exception cref="HsmSetupException">It is not there.</exception>
    public HsmOptions Token(DataFolder folder)
    {
        if (!Settings.Kms.HasToken) throw new StartupException($"the root keys are in {Settings.Kms.RootKeyFile} (Kms:RootKeyFile): there is no token.");
        var options = Settings.Hsm;
        if (!UsesFolderToken) return options;
        options.TokenLabel = EmbeddedSetup.TokenLabel;
        if (!Directory.Exists(folder.Hsm)) throw new HsmSetupException($"{folder.Path} has no token: restore its folder 'hsm', or make a new token with kms-admin init-token and import the root keys.");
        SoftHsmToken.Prepare(folder.Hsm, options, databaseHasServiceKey: true);
        return options;
    }

    /// <summary>The data folder as it is, without taking it: only for reading, and beside the process that has it.</summary>
    /// <exception cref="StartupException">There is none.</exception>
    public DataFolder Folder() => Settings.IsCluster ? DataFolder.LookAtSilo(Arguments.DataFolder) : DataFolder.Look(Arguments.DataFolder);

    /// <summary>Fails in a cluster, whose database is backed up by PostgreSQL's own means.</summary>
    /// <exception cref="StartupException">It is one.</exception>
    public void RequireFolder(string command)
    {
        if (Settings.IsCluster) throw new StartupException($"{command} is for data folders: the database of a cluster (Kms:Database) has PostgreSQL's own backups, and tokens their vendors'.");
    }

    /// <summary>What the service of a folder works with.</summary>
    /// <exception cref="StartupException">The cluster's database cannot be used.</exception>
    public ServiceDatabases Databases(DataFolder folder) => Settings.IsCluster ? new PostgresDatabase(Settings.Database).ForAdmin() : folder.Sources;

    /// <summary>The service key as the database holds it; null if it has none yet.</summary>
    public static WrappedKey? ServiceKey(ServiceDatabases databases) => databases.Secrets.Find(ServiceSecrets.ServiceKey) is { } found ? new(found.RootKeyVersion, found.Value) : null;
}
