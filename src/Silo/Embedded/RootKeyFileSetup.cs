using System.Security.Cryptography;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Keys;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>The part of <see cref="EmbeddedSetup"/> that differs where the root keys are in a file. No PKCS#11 module is loaded.</summary>
internal static class RootKeyFileSetup
{
    /// <summary>Opens the service key, or makes it, and the file too, if the database has none.</summary>
    /// <exception cref="StartupException">The database needs a token, or does not fit the file.</exception>
    /// <exception cref="HsmSetupException">The file cannot be used. Nothing was changed.</exception>
    public static Prepared Prepare(ServiceDatabases databases, string path)
    {
        if (HasHsmKeys(databases))
        {
            throw new StartupException($"{databases.KmsName} has keys of protection level HSM, which work with their token only: unset Kms:RootKeyFile, and connect the token.");
        }
        path = Path.GetFullPath(path);
        var secrets = databases.Secrets;
        var (serviceKey, rootKeyVersion) = OpenServiceKey(secrets, path);
        var seal = new InProcessSeal(serviceKey);
        try
        {
            var clusterSecret = EmbeddedSetup.FindClusterSecret(secrets, rootKeyVersion, seal.Seal, seal.Open);
            return new(null, clusterSecret, TokenCapabilities.None, AbsentTokens: [], new(FileAnchors.Read(path, TrailAnchors.Owner(clusterSecret))), path, seal);
        }
        catch (InvalidDataException e)
        {
            throw new StartupException($"{e.Message} Restore database and root key file from one backup.");
        }
    }

    private static (byte[] ServiceKey, int RootKeyVersion) OpenServiceKey(ServiceSecrets secrets, string path)
    {
        if (secrets.Find(ServiceSecrets.ServiceKey) is { } stored)
        {
            using var keys = RootKeyFile.Read(path);
            return (keys.Unwrap(new(stored.RootKeyVersion, stored.Value)), stored.RootKeyVersion);
        }
        using var roots = RootKeyFile.ReadOrCreate(path);
        var serviceKey = GC.AllocateArray<byte>(RootKeyLines.KeyBytes, pinned: true);
        RandomNumberGenerator.Fill(serviceKey);
        var wrapped = roots.Wrap(serviceKey);
        secrets.Add(ServiceSecrets.ServiceKey, wrapped.RootKeyVersion, wrapped.Bytes);
        return (serviceKey, wrapped.RootKeyVersion);
    }

    private static bool HasHsmKeys(ServiceDatabases databases)
    {
        using var connection = databases.Kms.OpenConnection();
        using var command = connection.CreateCommand();
        using var reader = command.Sql("SELECT DISTINCT class FROM kms_key").ExecuteReader();
        while (reader.Read())
        {
            if (KeyClass.Of(reader.GetInt32(0)).Level == ProtectionLevel.Hsm) return true;
        }
        return false;
    }
}
