using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// How key material is stored: sealed under the service key, bound to its place (account, CMK, version, protection level, and what it is), so that
/// one record's material does not open in another or as another kind of key. Inside the seal is the key itself (SOFTWARE; private keys as PKCS#8), or the version
/// of the root key, 4 bytes big-endian, followed by the key wrapped under it (HSM).
/// </summary>
internal sealed partial class StoredMaterial(ServiceSeal seal, HsmWorkers workers, TokenCapabilities token)
{
    private const int RootVersionBytes = 4;

    /// <summary>Makes new material and gives its stored form. Nothing of it stays behind.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.UnsupportedOperation"/>: level HSM, and the token cannot hold such a key.</exception>
    public async Task<NewMaterial> Generate(string grainKey, Guid keyVersionId, KeySpec spec, KeyUsage usage, ProtectionLevel level)
    {
        if (!spec.Allows(usage)) throw new ArgumentException($"{spec.ApiName()} is not for {usage.ApiName()}.", nameof(usage));
        var (content, publicKey) = level == ProtectionLevel.Hsm ? await InToken(keyVersionId, spec, usage) : await InSoftware(spec);
        try
        {
            var place = Place(grainKey, keyVersionId, spec, usage, level);
            var stored = await seal.Seal(keyVersionId, place, content);
            var storedPublicKey = publicKey is null ? null : await seal.Seal(keyVersionId, PublicPlace(place), publicKey);
            return new(stored, publicKey, storedPublicKey);
        }
        finally { CryptographicOperations.ZeroMemory(content); }
    }

    /// <summary>Gives the stored form of material that is here already.</summary>
    /// <param name="grainKey">The CMK's grain.</param>
    /// <param name="keyVersionId">The version.</param>
    /// <param name="spec">A symmetric spec.</param>
    /// <param name="level">Where the material may exist in plaintext.</param>
    /// <param name="content">What is inside the seal; stays the caller's to wipe.</param>
    public async Task<byte[]> Store(string grainKey, Guid keyVersionId, KeySpec spec, ProtectionLevel level, byte[] content) =>
        await seal.Seal(keyVersionId, Place(grainKey, keyVersionId, spec, KeyUsage.EncryptDecrypt, level), content);

    /// <summary>Opens a stored public key. It is no secret; but who could put another one in its place could read what is encrypted with it.</summary>
    /// <exception cref="InvalidDataException">It was altered, or belongs to something else.</exception>
    public ValueTask<byte[]> OpenPublicKey(string grainKey, Guid keyVersionId, KeySpec spec, KeyUsage usage, ProtectionLevel level, byte[] stored) =>
        seal.Open(keyVersionId, PublicPlace(Place(grainKey, keyVersionId, spec, usage, level)), stored);

    /// <summary>Makes stored material ready for use.</summary>
    /// <exception cref="InvalidDataException">It was altered, or belongs to something else.</exception>
    public async Task<KeyMaterial> Open(string grainKey, Guid keyId, Guid keyVersionId, KeySpec spec, KeyUsage usage, ProtectionLevel level, byte[] stored)
    {
        var content = await seal.Open(keyVersionId, Place(grainKey, keyVersionId, spec, usage, level), stored);
        return Ready(keyId, keyVersionId, spec, usage, level, content);
    }

    /// <summary>Makes what is inside the seal ready for use, and takes it: SOFTWARE content is wiped.</summary>
    public KeyMaterial Ready(Guid keyId, Guid keyVersionId, KeySpec spec, KeyUsage usage, ProtectionLevel level, byte[] content)
    {
        if (level == ProtectionLevel.Software) return Software(keyId, keyVersionId, spec, usage, content);
        var key = new HsmKey(keyVersionId, Wrapped(content), spec, usage);
        return spec.IsSymmetric() ? new HsmAesMaterial(keyId, key, workers) : new HsmAsymmetricMaterial(key, workers, token);
    }

    /// <summary>What is inside the seal of HSM material.</summary>
    public static byte[] Content(WrappedKey wrapped)
    {
        var content = new byte[RootVersionBytes + wrapped.Bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(content, wrapped.RootKeyVersion);
        wrapped.Bytes.CopyTo(content, RootVersionBytes);
        return content;
    }

    /// <summary>Undoes <see cref="Content"/>.</summary>
    public static WrappedKey Wrapped(byte[] content) => new(BinaryPrimitives.ReadInt32BigEndian(content), content[RootVersionBytes..]);

    private async Task<(byte[] Content, byte[]? PublicKey)> InToken(Guid keyVersionId, KeySpec spec, KeyUsage usage)
    {
        token.Require(spec);
        if (spec == KeySpec.Aes256) return (Content(await workers.For(keyVersionId).GenerateAesKey()), null);
        var pair = await workers.PairMaker(keyVersionId, spec).GenerateKeyPair(spec, usage);
        return (Content(pair.Wrapped), pair.PublicKey);
    }

    private static async Task<(byte[] Content, byte[]? PublicKey)> InSoftware(KeySpec spec)
    {
        if (spec.IsSymmetric()) return (RandomNumberGenerator.GetBytes(spec.SymmetricKeyBytes()), null);
        var pair = await SoftwareKeyPair.Generate(spec);
        return (pair.Pkcs8, pair.PublicKey);
    }

    private static KeyMaterial Software(Guid keyId, Guid keyVersionId, KeySpec spec, KeyUsage usage, byte[] content) => spec switch
    {
        KeySpec.Aes256 => new SoftwareAesMaterial(keyId, keyVersionId, content),
        KeySpec.Sm4 => new SoftwareSm4Material(keyId, keyVersionId, content),
        KeySpec.EcP256 or KeySpec.EcP256K => new SoftwareEcdsaMaterial(keyVersionId, spec, usage, content),
        KeySpec.EcSm2 => new SoftwareSm2Material(keyVersionId, usage, content),
        _ => new SoftwareRsaMaterial(keyVersionId, spec, usage, content),
    };

    /// <summary>What a sealed public key is bound to.</summary>
    public static byte[] PublicPlace(byte[] place) => [.. place, .. "/public"u8];

    /// <summary>What sealed material is bound to.</summary>
    public static byte[] Place(string grainKey, Guid keyVersionId, KeySpec spec, KeyUsage usage, ProtectionLevel level)
    {
        // AES came first, without spec and usage: its place never changes, or what is stored would not open any more.
        var place = $"kms.material/1/{grainKey}/{keyVersionId:D}/{level.ApiName()}";
        if (spec != KeySpec.Aes256) place += $"/{spec.ApiName()}";
        if (!spec.IsSymmetric()) place += $"/{usage.ApiName()}";
        return Encoding.UTF8.GetBytes(place);
    }
}
