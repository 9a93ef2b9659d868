using System.Security.Cryptography;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Sealing;

/// <summary>
/// The root keys of a root key file, in pinned memory until disposed of. They wrap and unwrap the service key, and nothing else (AES key wrap with padding, RFC 5649).
/// </summary>
/// <param name="path">Where they were read, for failures.</param>
/// <param name="keys">At least one, by version. Wiped here.</param>
internal sealed class RootKeyRing(string path, SortedDictionary<int, byte[]> keys) : IDisposable
{
    /// <summary>The version that wraps.</summary>
    public int NewestVersion => keys.Keys.Last();

    /// <summary>Wraps the service key under the newest version.</summary>
    public WrappedKey Wrap(ReadOnlySpan<byte> serviceKey)
    {
        using var aes = Aes.Create();
        aes.SetKey(keys[NewestVersion]);
        return new(NewestVersion, aes.EncryptKeyWrapPadded(serviceKey));
    }

    /// <summary>Undoes <see cref="Wrap"/>, into a pinned array of 32 bytes that the caller wipes.</summary>
    /// <exception cref="HsmSetupException">The version is not here, or something else wrapped the key.</exception>
    public byte[] Unwrap(WrappedKey wrapped)
    {
        if (!keys.TryGetValue(wrapped.RootKeyVersion, out var root)) throw Foreign($"holds no root key {wrapped.RootKeyVersion}, which wraps the database's service key");
        using var aes = Aes.Create();
        aes.SetKey(root);
        var serviceKey = GC.AllocateArray<byte>(RootKeyLines.KeyBytes, pinned: true);
        try
        {
            var fits = wrapped.Bytes.Length == Aes.GetKeyWrapPaddedLength(serviceKey.Length);
            if (fits && aes.DecryptKeyWrapPadded(wrapped.Bytes, serviceKey) == serviceKey.Length) return serviceKey;
        }
        catch (CryptographicException) { }
        CryptographicOperations.ZeroMemory(serviceKey);
        throw Foreign("does not open the database's service key");
    }

    public void Dispose() => RootKeyLines.Wipe(keys);

    private HsmSetupException Foreign(string what) =>
        new($"Root key file '{path}' {what}: restore the file that belongs to this database, or unset Kms:RootKeyFile if the database was made with a token.");
}
