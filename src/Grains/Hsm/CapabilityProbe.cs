using System.Formats.Asn1;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Tries out what the token can do, with the very calls that are made later: lists of mechanisms do not tell which parameters are taken (SoftHSM lists OAEP and
/// refuses SHA-256 in it). PKCS#11 has no SM2 and no SM4 that tokens agree on, so these are not tried.
/// </summary>
internal sealed class CapabilityProbe(Cryptoki token, ISession session, RootKeys roots, KeyPairs pairs, ImportedKeys imported, ServiceKey serviceKey, Action prove)
{
    private readonly HashSet<KeySpec> _specs = [];
    private readonly HashSet<SigningAlgorithm> _signing = [];
    private readonly HashSet<EncryptionAlgorithm> _encryption = [];
    private readonly HashSet<WrappingAlgorithm> _wrapping = [];

    /// <summary>Tries everything once; RSA with 2048 bits only, because longer keys take seconds to make.</summary>
    /// <param name="maxRsaBits">What the token says of itself.</param>
    public TokenCapabilities Run(int maxRsaBits)
    {
        // The service key is one, made and used in the same way.
        _specs.Add(KeySpec.Aes256);
        TryRsa(maxRsaBits);
        TryEc(KeySpec.EcP256);
        TryEc(KeySpec.EcP256K);
        return new(_specs, _signing, _encryption, _wrapping);
    }

    private void TryRsa(int maxBits)
    {
        if (!Try(() => pairs.Generate(KeySpec.Rsa2048, KeyUsage.SignVerify, RootKeyVersion), out var pair)) return;
        foreach (var algorithm in new[] { SigningAlgorithm.RsaPssSha256, SigningAlgorithm.RsaPkcs1Sha256 }) TrySigning(KeySpec.Rsa2048, pair, algorithm);
        foreach (var algorithm in new[] { EncryptionAlgorithm.RsaesOaepSha256, EncryptionAlgorithm.RsaesOaepSha1 }) TryDecryption(pair, algorithm);
        foreach (var algorithm in new[] { WrappingAlgorithm.RsaesPkcs1V15, WrappingAlgorithm.RsaesOaepSha1, WrappingAlgorithm.RsaesOaepSha256 }) TryImport(pair, algorithm);
        if (_signing.Count == 0 && _encryption.Count == 0) return;
        _specs.UnionWith(new[] { KeySpec.Rsa2048, KeySpec.Rsa3072, KeySpec.Rsa4096 }.Where(spec => spec == KeySpec.Rsa2048 || spec.ModulusBytes() * 8 <= maxBits));
    }

    private void TryEc(KeySpec spec)
    {
        if (Try(() => pairs.Generate(spec, KeyUsage.SignVerify, RootKeyVersion), out var pair) && TrySigning(spec, pair, SigningAlgorithm.EcdsaSha256)) _specs.Add(spec);
    }

    private bool TrySigning(KeySpec spec, NewKeyPair pair, SigningAlgorithm algorithm)
    {
        var digest = RandomNumberGenerator.GetBytes(AsymmetricAlgorithms.DigestBytes);
        var works = Try(() => WithKey(spec, pair, KeyUsage.SignVerify, key => PrivateKeyCipher.Sign(token, session, key, algorithm, digest)), out var signature)
            && PublicKeys.Verify(spec, pair.PublicKey, algorithm, digest, signature);
        if (works) _signing.Add(algorithm);
        return works;
    }

    private void TryDecryption(NewKeyPair pair, EncryptionAlgorithm algorithm)
    {
        var plaintext = RandomNumberGenerator.GetBytes(32);
        var ciphertext = PublicKeys.Encrypt(KeySpec.Rsa2048, pair.PublicKey, algorithm, plaintext);
        var works = Try(() => WithKey(KeySpec.Rsa2048, pair, KeyUsage.EncryptDecrypt, key => PrivateKeyCipher.TryDecrypt(token, session, key, algorithm, ciphertext, prove)), out var opened)
            && opened.AsSpan().SequenceEqual(plaintext);
        if (works) _encryption.Add(algorithm);
    }

    // What came into the token has to be what was sent: it encrypts here what the known key opens.
    private void TryImport(NewKeyPair pair, WrappingAlgorithm algorithm)
    {
        var (material, iv, plaintext) = (RandomNumberGenerator.GetBytes(32), GcmCipher.NewIv(), RandomNumberGenerator.GetBytes(32));
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(pair.PublicKey, out _);
        var encrypted = rsa.Encrypt(material, algorithm.Padding());
        if (!Try(() => Import(pair, algorithm, encrypted), out var wrapped) || !Try(() => EncryptUnder(wrapped, iv, plaintext), out var sealedBytes)) return;
        var opened = new byte[plaintext.Length];
        using var aes = new AesGcm(material, GcmCipher.TagBytes);
        try { aes.Decrypt(iv, sealedBytes.AsSpan(..^GcmCipher.TagBytes), sealedBytes.AsSpan(^GcmCipher.TagBytes..), opened); }
        catch (AuthenticationTagMismatchException) { return; }
        if (opened.AsSpan().SequenceEqual(plaintext)) _wrapping.Add(algorithm);
    }

    private WrappedKey Import(NewKeyPair pair, WrappingAlgorithm algorithm, byte[] encrypted)
    {
        var key = roots.UnwrapWrappingKey(pair.Wrapped, KeySpec.Rsa2048);
        try { return imported.Unwrap(key, algorithm, encrypted, RootKeyVersion, prove); }
        finally { session.DestroyObject(key); }
    }

    private byte[] EncryptUnder(WrappedKey wrapped, byte[] iv, byte[] plaintext)
    {
        var key = roots.Unwrap(wrapped);
        try { return GcmCipher.Encrypt(token, session, key, iv, [], plaintext); }
        finally { session.DestroyObject(key); }
    }

    private int RootKeyVersion => serviceKey.Wrapped.RootKeyVersion;

    private T WithKey<T>(KeySpec spec, NewKeyPair pair, KeyUsage usage, Func<IObjectHandle, T> use)
    {
        var key = roots.Unwrap(pair.Wrapped, spec, usage);
        try { return use(key); }
        finally { session.DestroyObject(key); }
    }

    // A refusal is an answer, a fault is not: a token that is out of order must not pass for one that lacks something.
    private bool Try<T>(Func<T> call, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? result)
    {
        result = default;
        try
        {
            return (result = call()) is not null;
        }
        catch (Pkcs11Exception e) when (!TokenFaults.IsFault(e) || TokenFaults.IsAmbiguous(e.RV))
        {
            if (TokenFaults.IsAmbiguous(e.RV)) prove();
            return false;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or InvalidDataException or KmsException)
        {
            return false;
        }
    }
}
