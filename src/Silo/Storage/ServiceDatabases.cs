using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Silo.Storage;

/// <summary>Where the service's own tables and the grains' states are, before the service runs.</summary>
/// <param name="Kms">The service's own tables.</param>
/// <param name="KmsName">What messages call that.</param>
/// <param name="Grains">The grains' states.</param>
/// <param name="GrainsName">What messages call that.</param>
internal sealed record ServiceDatabases(DbDataSource Kms, string KmsName, DbDataSource Grains, string GrainsName)
{
    /// <summary>Whether other silos may be at work in them.</summary>
    public bool AreShared { get; init; }

    /// <summary>The service's own secrets.</summary>
    public ServiceSecrets Secrets => new(Kms);

    /// <summary>Whether any grain ever stored anything.</summary>
    public bool HasGrainState()
    {
        using var connection = Grains.OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql("SELECT 1 FROM OrleansStorage LIMIT 1").ExecuteScalar() is not null;
    }
}
