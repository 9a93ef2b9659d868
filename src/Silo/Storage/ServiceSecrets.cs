using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Silo.Storage;

/// <summary>The table of the service's own secrets. None of them is readable without the root key.</summary>
internal sealed class ServiceSecrets(DbDataSource database)
{
    /// <summary>The service key, wrapped under the root key.</summary>
    public const string ServiceKey = "service-key";

    /// <summary>The cluster secret, sealed under the service key.</summary>
    public const string ClusterSecret = "cluster-secret";

    /// <summary>The secret of that name, or null if it was not made yet.</summary>
    public (int RootKeyVersion, byte[] Value)? Find(string name)
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        using var reader = command.Sql("SELECT root_key_version, value FROM kms_secret WHERE name = @name", ("@name", name)).ExecuteReader();
        return reader.Read() ? (reader.GetInt32(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Puts another form of a secret in the place of the one that is there; false if that is another by now.</summary>
    public static bool Replace(DbCommand command, string name, byte[] old, int rootKeyVersion, byte[] value) => command.Sql(
        "UPDATE kms_secret SET root_key_version = @version, value = @value WHERE name = @name AND value = @old",
        ("@version", rootKeyVersion), ("@value", value), ("@name", name), ("@old", old)).ExecuteNonQuery() == 1;

    /// <summary>Stores a new secret; durable when this returns.</summary>
    /// <exception cref="StartupException">Another silo was faster.</exception>
    public void Add(string name, int rootKeyVersion, byte[] value)
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        var added = command.Sql("INSERT INTO kms_secret (name, root_key_version, value) VALUES (@name, @version, @value) ON CONFLICT DO NOTHING",
            ("@name", name), ("@version", rootKeyVersion), ("@value", value)).ExecuteNonQuery();
        if (added == 0) throw new StartupException("another silo has just made the service's keys, in the same database; start this one again.");
    }
}
