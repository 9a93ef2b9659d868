using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>
/// What the silo needs before it starts: schema, token or root key file, service key, cluster secret. Made at the first start; every step can be interrupted and repeated,
/// and nothing that exists is ever made again over it.
/// </summary>
internal static class EmbeddedSetup
{
    /// <summary>The label of the token in the data folder.</summary>
    public const string TokenLabel = "orleans-kms";

    /// <summary>What the sealed cluster secret is bound to.</summary>
    public static byte[] ClusterSecretPlace { get; } = Encoding.UTF8.GetBytes("kms.cluster-secret/1");

    /// <summary>Prepares the folder; fills in <paramref name="options"/>, unless they name a token of the operator's.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="options">The token.</param>
    /// <param name="rootKeyFile">The root key file in its place, or empty.</param>
    /// <exception cref="StartupException">A database cannot be used.</exception>
    /// <exception cref="HsmSetupException">Token or root key file cannot be used.</exception>
    public static Prepared Prepare(DataFolder folder, HsmOptions options, string rootKeyFile = "")
    {
        foreach (var file in folder.Databases) file.EnsureSchema();
        return Prepare(folder, folder.Sources, options, rootKeyFile);
    }

    /// <summary>Opens what the databases need, or makes it if they are empty. Of silos that begin with one empty database at a time one makes it; the others need the same root key.</summary>
    /// <inheritdoc cref="Prepare(DataFolder, HsmOptions, string)"/>
    public static Prepared Prepare(DataFolder folder, ServiceDatabases databases, HsmOptions options, string rootKeyFile)
    {
        var secrets = databases.Secrets;
        var stored = secrets.Find(ServiceSecrets.ServiceKey);
        // The service key is stored before any grain is: without it, what the grains stored cannot be read any more, and a new key would only hide that.
        if (stored is null && databases.HasGrainState()) throw new StartupException($"{databases.KmsName} lacks the service key of {databases.GrainsName}; restore both from one backup.");
        if (rootKeyFile.Length > 0) return RootKeyFileSetup.Prepare(databases, rootKeyFile);
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
        var clusterSecret = ServiceKeySetup.Use(options, serviceKey, session => FindClusterSecret(secrets, serviceKey.Wrapped.RootKeyVersion, session.Seal, session.Open));
        var (offered, absent) = ServiceKeySetup.Capabilities(options, serviceKey);
        return new(serviceKey, clusterSecret, offered, absent, new(ServiceKeySetup.Anchors(options, serviceKey, TrailAnchors.Owner(clusterSecret))));
    }

    /// <summary>Opens the cluster secret, which proves that root key and database belong together before anything is served; makes it if there is none.</summary>
    /// <exception cref="InvalidDataException">It does not open.</exception>
    public static ClusterSecret FindClusterSecret(ServiceSecrets secrets, int rootKeyVersion, Func<byte[], byte[], byte[]> seal, Func<byte[], byte[], byte[]> open)
    {
        if (secrets.Find(ServiceSecrets.ClusterSecret) is { } stored) return new ClusterSecret(open(ClusterSecretPlace, stored.Value));
        var secret = RandomNumberGenerator.GetBytes(ClusterSecret.Length);
        secrets.Add(ServiceSecrets.ClusterSecret, rootKeyVersion, seal(ClusterSecretPlace, secret));
        return new ClusterSecret(secret);
    }
}
