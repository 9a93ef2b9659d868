using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>
/// What the silo needs before it starts: schema, token, service key, cluster secret. Made at the first start; every step can be interrupted and repeated,
/// and nothing that exists is ever made again over it.
/// </summary>
internal static class EmbeddedSetup
{
    private static readonly byte[] ClusterSecretPlace = Encoding.UTF8.GetBytes("kms.cluster-secret/1");

    /// <summary>Prepares the folder; fills in <paramref name="options"/>, unless they name a token of the operator's.</summary>
    /// <exception cref="StartupException">A database cannot be used.</exception>
    /// <exception cref="HsmSetupException">The token cannot be used.</exception>
    public static (ServiceKey ServiceKey, ClusterSecret ClusterSecret) Prepare(DataFolder folder, HsmOptions options)
    {
        foreach (var file in new[] { folder.Grains, folder.Reminders, folder.Kms }) file.EnsureSchema();
        var secrets = new ServiceSecrets(folder.Kms.DataSource());
        var stored = secrets.Find(ServiceSecrets.ServiceKey);
        if (options.TokenLabel.Length == 0) SoftHsmToken.Ensure(options, folder.Hsm, inUse: stored is not null);
        var serviceKey = stored is { } found ? new ServiceKey(new WrappedKey(found.RootKeyVersion, found.Value)) : MakeServiceKey(secrets, options);
        return (serviceKey, FindClusterSecret(secrets, options, serviceKey));
    }

    private static ServiceKey MakeServiceKey(ServiceSecrets secrets, HsmOptions options)
    {
        var made = TokenSetup.CreateServiceKey(options);
        secrets.Add(ServiceSecrets.ServiceKey, made.Wrapped.RootKeyVersion, made.Wrapped.Bytes);
        return made;
    }

    // Opening it proves that token and database belong together, before anything is served.
    private static ClusterSecret FindClusterSecret(ServiceSecrets secrets, HsmOptions options, ServiceKey serviceKey) => TokenSetup.Use(options, serviceKey, session =>
    {
        if (secrets.Find(ServiceSecrets.ClusterSecret) is { } stored) return new ClusterSecret(session.Open(ClusterSecretPlace, stored.Value));
        var secret = RandomNumberGenerator.GetBytes(ClusterSecret.Length);
        secrets.Add(ServiceSecrets.ClusterSecret, serviceKey.Wrapped.RootKeyVersion, session.Seal(ClusterSecretPlace, secret));
        return new ClusterSecret(secret);
    });
}
