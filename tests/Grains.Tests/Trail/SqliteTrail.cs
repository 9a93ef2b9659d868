using System.Data.Common;
using Microsoft.Data.Sqlite;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>An empty trail in an SQLite file.</summary>
internal sealed class SqliteTrail : ITrailHome
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("kms-trail-");

    public SqliteTrail()
    {
        File = new(Path.Combine(_folder.FullName, "trail.db"), "Trail", 1);
        File.EnsureSchema();
    }

    public SqliteFile File { get; }

    public DbDataSource Source(int timeoutSeconds = 5) =>
        SqliteFactory.Instance.CreateDataSource(new SqliteConnectionStringBuilder(File.ConnectionString) { DefaultTimeout = timeoutSeconds }.ToString());

    public IDisposable Lock()
    {
        var connection = Source().OpenConnection();
        connection.BeginTransaction();
        return connection;
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
