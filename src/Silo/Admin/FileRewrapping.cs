using System.Security.Cryptography;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Re-wrapping where the root keys are in a file: they wrap the service key and nothing else. The service goes on with the service key that it has.</summary>
internal sealed class FileRewrapping(ServiceDatabases databases, BatchWriter writer, string rootKeyFile)
{
    /// <summary>Wraps the service key under the newest root key of the file; durable when this returns.</summary>
    public async Task<string> Run()
    {
        var stored = databases.Secrets.Find(ServiceSecrets.ServiceKey)!.Value;
        using var roots = RootKeyFile.Read(rootKeyFile);
        if (stored.RootKeyVersion == roots.NewestVersion) return $"in the database: the service key under root key {stored.RootKeyVersion}";
        var rewrapped = Rewrap(roots, new(stored.RootKeyVersion, stored.Value));
        await writer.Execute(command => ServiceSecrets.Replace(command, ServiceSecrets.ServiceKey, stored.Value, rewrapped.RootKeyVersion, rewrapped.Bytes));
        return $"in the database: the service key under root key {rewrapped.RootKeyVersion}";
    }

    private static WrappedKey Rewrap(RootKeyRing roots, WrappedKey old)
    {
        var serviceKey = roots.Unwrap(old);
        try { return roots.Wrap(serviceKey); }
        finally { CryptographicOperations.ZeroMemory(serviceKey); }
    }
}
