using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>
/// What the silo needs before it starts: schema, token, service key, cluster secret. Made at the first start; every step can be interrupted and repeated,
/// and nothing that exists is ever made again over it.
/// </summary>
internal static class EmbeddedSetup
{
    private const string TokenLabel = "orleans-kms";

    private static readonly byte[] ClusterSecretPlace = Encoding.UTF8.GetBytes("kms.cluster-secret/1");

    /// <summary>Prepares the folder; fills in <paramref name="options"/>, unless they name a token of the operator's.</summary>
    /// <exception cref="StartupException">A database cannot be used.</exception>
    /// <exception cref="HsmSetupException">The token cannot be used.</exception>
    public static Prepared Prepare(DataFolder folder, HsmOptions options)
    {
        foreach (var file in new[] { folder.Grains, folder.Reminders, folder.Kms }) file.EnsureSchema();
        var secrets = new ServiceSecrets(folder.Kms.DataSource());
        var stored = secrets.Find(ServiceSecrets.ServiceKey);
        // The service key is stored before any grain is: without it, what the grains stored cannot be read any more, and a new key would only hide that.
        if (stored is null && HasGrainState(folder.Grains)) throw new StartupException($"{folder.Kms.Path} lacks the service key of {folder.Grains.Path}; restore both from one backup.");
        if (options.Addresses is [{ IsNameless: true }])
        {
            options.TokenLabel = TokenLabel;
            SoftHsmToken.Prepare(folder.Hsm, options, databaseHasServiceKey: stored is not null);
        }
        var serviceKey = ServiceKeySetup.Open(options, stored is { } found ? new WrappedKey(found.RootKeyVersion, found.Value) : null);
        if (stored is null)
        {
            SoftHsmToken.Flush();
            secrets.Add(ServiceSecrets.ServiceKey, serviceKey.Wrapped.RootKeyVersion, serviceKey.Wrapped.Bytes);
        }
        var clusterSecret = FindClusterSecret(secrets, options, serviceKey);
        var (offered, absent) = ServiceKeySetup.Capabilities(options, serviceKey);
        return new(serviceKey, clusterSecret, offered, absent);
    }

    private static bool HasGrainState(SqliteFile grains)
    {
        using var connection = grains.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql("SELECT 1 FROM OrleansStorage LIMIT 1").ExecuteScalar() is not null;
    }

    // Opening it proves that token and database belong together, before anything is served.
    private static ClusterSecret FindClusterSecret(ServiceSecrets secrets, HsmOptions options, ServiceKey serviceKey) => ServiceKeySetup.Use(options, serviceKey, session =>
    {
        if (secrets.Find(ServiceSecrets.ClusterSecret) is { } stored) return new ClusterSecret(session.Open(ClusterSecretPlace, stored.Value));
        var secret = RandomNumberGenerator.GetBytes(ClusterSecret.Length);
        secrets.Add(ServiceSecrets.ClusterSecret, serviceKey.Wrapped.RootKeyVersion, session.Seal(ClusterSecretPlace, secret));
        return new ClusterSecret(secret);
    });
}
