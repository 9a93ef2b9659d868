using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>
/// A change of a data folder: one at a time. While the service runs it owns the folder, and works on behalf of the command; otherwise the folder is this process's
/// until the change ends.
/// </summary>
internal sealed class FolderChange : IAsyncDisposable
{
    private readonly IDisposable _change;
    private readonly DataFolder? _owned;

    private FolderChange(DataFolder folder, ServiceDatabases databases, IDisposable change, AdminClient? service, DataFolder? owned)
    {
        (Folder, Databases) = (folder, databases);
        Service = service;
        (_change, _owned) = (change, owned);
    }

    public DataFolder Folder { get; }

    /// <summary>What the service works with.</summary>
    public ServiceDatabases Databases { get; }

    /// <summary>The running service, or null: then the folder is owned by this process.</summary>
    public AdminClient? Service { get; }

    /// <summary>Begins a change.</summary>
    /// <exception cref="StartupException">There is no data folder, it is another user's, another command changes it, or the service that has it does not answer.</exception>
    public static async Task<FolderChange> Begin(AdminContext context)
    {
        var folder = context.Folder();
        RequireOwner(folder);
        var change = folder.TakeForChange();
        try
        {
            if (await AdminClient.TryConnect(folder.AdminSocket, context.Cancellation) is { } service) return new(folder, context.Databases(folder), change, service, null);
            return new(folder, context.Databases(folder), change, null, Take(folder, hasDatabases: !context.Settings.IsCluster));
        }
        catch
        {
            change.Dispose();
            throw;
        }
    }

    /// <summary>Fails unless the user that this process runs as owns the folder, as the service does.</summary>
    /// <exception cref="StartupException">It is another user's.</exception>
    public static void RequireOwner(DataFolder folder)
    {
        // A folder that was just restored has no lock yet, and that of a silo no databases.
        if (!FileOwner.IsThisUser(File.Exists(folder.Kms.Path) ? folder.Kms.Path : folder.LockFile)) throw new StartupException($"{folder.Path} belongs to another user: run kms-admin as the user that the service runs as.");
    }

    /// <summary>Does <paramref name="work"/> between the two halves of its record; the result is its outcome.</summary>
    public async Task<string> Record(string command, string detail, int? rootKeyVersion, Func<Task<string>> work)
    {
        var id = await BeginRecord(new(AdminContext.Operator, command, detail, rootKeyVersion));
        string outcome;
        try { outcome = await work(); }
        catch (Exception e)
        {
            await EndRecord(id, $"failed: {e.Message.ReplaceLineEndings(" ")}");
            throw;
        }
        await EndRecord(id, $"done: {outcome}");
        return outcome;
    }

    public ValueTask DisposeAsync()
    {
        Service?.Dispose();
        _owned?.Dispose();
        _change.Dispose();
        return ValueTask.CompletedTask;
    }

    private static DataFolder Take(DataFolder folder, bool hasDatabases)
    {
        try
        {
            var owned = DataFolder.Open(folder.Path);
            if (!hasDatabases) return owned;
            foreach (var file in owned.Databases) file.EnsureSchema();
            return owned;
        }
        catch (StartupException e) when (e.Message.Contains("in use", StringComparison.Ordinal))
        {
            throw new StartupException($"the service that has {folder.Path} does not answer at its {Path.GetFileName(folder.AdminSocket)}: look at its log, or stop it first.");
        }
    }

    private Task<long> BeginRecord(NewAdminRecord record) =>
        Service is { } service ? service.BeginRecord(record) : Task.FromResult(Write(command => AdminRecords.Begin(command, record, TimeProvider.System.GetUtcNow())));

    private Task EndRecord(long id, string outcome) => Service is { } service ? service.EndRecord(id, outcome) : Task.FromResult(Write(command =>
    {
        AdminRecords.End(command, id, outcome, TimeProvider.System.GetUtcNow());
        return true;
    }));

    private T Write<T>(Func<System.Data.Common.DbCommand, T> write)
    {
        using var connection = Databases.Kms.OpenConnection();
        using var command = connection.CreateCommand();
        return write(command);
    }
}
