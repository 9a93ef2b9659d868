using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// One session on the token and all that dies with it. Not thread safe. Never logs out and never closes sessions of others: login belongs to the
/// process, so that would break every other session of it.
/// </summary>
internal sealed partial class TokenSession : IDisposable
{
    private readonly Pkcs11Module _module;
    private readonly int _generation;
    private readonly TokenAddress _token;
    private readonly ISession _session;
    private readonly RootKeys _roots;
    private readonly KeyHandleCache _keys;
    private readonly KeyPairs _pairs;
    private readonly ImportedKeys _imported;
    private readonly ServiceKey _serviceKey;
    private readonly IObjectHandle _service;

    /// <summary>Opens a session, logs in and unwraps the service key. The PIN is read anew, so a changed file counts.</summary>
    /// <exception cref="HsmSetupException">PIN refused or root key missing.</exception>
    public TokenSession(Pkcs11Module module, TokenAddress token, ServiceKey serviceKey, int handleCacheSize = 1, CacheUse? cacheUse = null)
    {
        (_module, _generation, _token) = (module, module.Generation, token);
        _session = TokenLogin.Open(module, token, SessionType.ReadOnly);
        _roots = new RootKeys(_session, token.Name);
        _keys = new KeyHandleCache(_session, handleCacheSize, cacheUse ?? new());
        _pairs = new KeyPairs(module.Cryptoki, _session, _roots);
        _imported = new ImportedKeys(module.Cryptoki, _session, _roots);
        _serviceKey = serviceKey;
        try
        {
            _service = _roots.Unwrap(serviceKey.Wrapped);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>True once the module was restarted: the session is dead, and its number may name a session of somebody else.</summary>
    public bool IsStale => _module.Generation != _generation;

    /// <summary>The slot that the token is in now.</summary>
    public ulong SlotId => _session.GetSessionInfo().SlotId;

    /// <summary>How many keys are unwrapped besides the service key.</summary>
    public int CachedKeys => _keys.Count;

    /// <summary>Makes key material in the token.</summary>
    public WrappedKey GenerateAesKey() => _roots.Generate(_serviceKey.Wrapped.RootKeyVersion);

    /// <summary>Encrypts under <paramref name="key"/>; <paramref name="iv"/> has 12 bytes that were never used with it. Gives ciphertext, then tag.</summary>
    public byte[] Encrypt(HsmKey key, byte[] iv, byte[] aad, byte[] plaintext) => GcmCipher.Encrypt(_module.Cryptoki, _session, Unwrapped(key), iv, aad, plaintext);

    /// <summary>Undoes <see cref="Encrypt"/>.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>.</exception>
    public byte[] Decrypt(HsmKey key, byte[] iv, byte[] aad, byte[] ciphertextAndTag) =>
        GcmCipher.TryDecrypt(_module.Cryptoki, _session, Unwrapped(key), iv, aad, ciphertextAndTag) ?? throw KmsException.BadCiphertext();

    /// <summary>Makes a key pair in the token, and proves that its wrapped private key works.</summary>
    public NewKeyPair GenerateKeyPair(KeySpec spec, KeyUsage usage) => _pairs.Generate(spec, usage, _serviceKey.Wrapped.RootKeyVersion);

    /// <summary>Signs a digest of 32 bytes.</summary>
    public byte[] Sign(HsmKey key, SigningAlgorithm algorithm, byte[] digest) => PrivateKeyCipher.Sign(_module.Cryptoki, _session, Unwrapped(key), algorithm, digest);

    /// <summary>Decrypts with a private key.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>.</exception>
    public byte[] Decrypt(HsmKey key, EncryptionAlgorithm algorithm, byte[] ciphertext) =>
        PrivateKeyCipher.TryDecrypt(_module.Cryptoki, _session, Unwrapped(key), algorithm, ciphertext, ProveService) ?? throw KmsException.BadCiphertext();

    /// <summary>Unwraps an AES key of a user inside the token.</summary>
    /// <param name="wrappingKey">The private key of an RSA_2048 pair that the token made.</param>
    /// <param name="algorithm">An RSA algorithm.</param>
    /// <param name="encrypted">The key, encrypted to the pair's public key.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidKeyMaterial"/>, whatever is wrong with it.</exception>
    /// <exception cref="InvalidDataException">The private key does not open.</exception>
    public WrappedKey ImportAesKey(WrappedKey wrappingKey, WrappingAlgorithm algorithm, byte[] encrypted)
    {
        var handle = Unwrap(wrappingKey, () => _roots.UnwrapWrappingKey(wrappingKey, KeySpec.Rsa2048));
        try { return _imported.Unwrap(handle, algorithm, encrypted, _serviceKey.Wrapped.RootKeyVersion, ProveService); }
        finally { _session.DestroyObject(handle); }
    }

    /// <summary>Wraps an AES key of a user that was unwrapped outside the token; 32 bytes.</summary>
    public WrappedKey WrapAesKey(byte[] key) => _imported.Wrap(key, _serviceKey.Wrapped.RootKeyVersion, ProveService);

    /// <summary>Finds out what the token can do by doing it.</summary>
    public TokenCapabilities Capabilities() => new CapabilityProbe(_module.Cryptoki, _session, _roots, _pairs, _imported, _serviceKey, ProveService).Run(MaxRsaBits());

    /// <summary>Encrypts under the service key. Gives IV, ciphertext, tag.</summary>
    public byte[] Seal(byte[] aad, byte[] plaintext)
    {
        var sealedBytes = new byte[GcmCipher.IvBytes + plaintext.Length + GcmCipher.TagBytes];
        var iv = sealedBytes.AsSpan(0, GcmCipher.IvBytes);
        RandomNumberGenerator.Fill(iv);
        GcmCipher.Encrypt(_module.Cryptoki, _session, _service, iv, aad, plaintext, sealedBytes.AsSpan(GcmCipher.IvBytes));
        return sealedBytes;
    }

    /// <summary>Undoes <see cref="Seal"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes, or what they are bound to, are not those that were sealed.</exception>
    public byte[] Open(byte[] aad, byte[] sealedBytes)
    {
        if (sealedBytes.Length < GcmCipher.IvBytes + GcmCipher.TagBytes) throw NotGenuine();
        return GcmCipher.TryDecrypt(_module.Cryptoki, _session, _service, sealedBytes.AsSpan(0, GcmCipher.IvBytes), aad, sealedBytes.AsSpan(GcmCipher.IvBytes)) ?? throw NotGenuine();
    }

    /// <summary>Removes the unwrapped key from the token's memory; false if it was not there.</summary>
    public bool Forget(Guid keyVersionId) => _keys.Remove(keyVersionId);

    /// <summary>Throws unless the service key works and the root key is still in the token.</summary>
    public void Probe()
    {
        ProveService();
        _roots.Check(_serviceKey.Wrapped.RootKeyVersion);
    }

    public void Dispose()
    {
        _roots.Dispose();
        if (!IsStale) TokenLogin.Close(_module, _token, _session);
    }

    private void ProveService() => GcmCipher.Prove(_module.Cryptoki, _session, _service);

    private int MaxRsaBits()
    {
        // Some modules say that there is no limit, by the largest number there is.
        try { return (int)Math.Min(_module.FindSlot(_token)!.GetMechanismInfo(CKM.CKM_RSA_PKCS_KEY_PAIR_GEN).MaxKeySize, int.MaxValue); }
        catch (Pkcs11Exception e) when (!TokenFaults.IsFault(e.RV)) { return 0; }
    }

    private IObjectHandle Unwrapped(HsmKey key) => _keys.TryGet(key.KeyVersionId, out var handle) ? handle : Add(key);

    private IObjectHandle Add(HsmKey key)
    {
        var handle = Unwrap(key.Wrapped, () => _roots.Unwrap(key.Wrapped, key.Spec, key.Usage));
        _keys.Add(key.KeyVersionId, handle);
        return handle;
    }

    // One unusable record must not look like a broken token: that would close the session, and in the end the circuit, for all keys.
    private IObjectHandle Unwrap(WrappedKey wrapped, Func<IObjectHandle> unwrap)
    {
        for (var isProven = false; ; isProven = true)
        {
            try
            {
                return unwrap();
            }
            catch (HsmSetupException e) when (wrapped.RootKeyVersion != _serviceKey.Wrapped.RootKeyVersion)
            {
                throw new InvalidDataException($"A key is wrapped under root key {wrapped.RootKeyVersion}, which this token does not hold.", e);
            }
            catch (Pkcs11Exception e) when (e.Method == "C_UnwrapKey" && (TokenFaults.IsBadData(e.RV) || (isProven && TokenFaults.IsAmbiguous(e.RV))))
            {
                throw new InvalidDataException($"A wrapped key does not open under root key {wrapped.RootKeyVersion}: it was altered, or wrapped elsewhere.", e);
            }
            catch (Pkcs11Exception e) when (e.Method == "C_UnwrapKey" && TokenFaults.IsAmbiguous(e.RV))
            {
                // If the service key unwraps, and then still not this one, it is the data. If the service key does not, this throws the fault.
                _session.DestroyObject(_roots.Unwrap(_serviceKey.Wrapped));
            }
        }
    }

    private static InvalidDataException NotGenuine() => new("Sealed bytes do not open under the service key: they were altered, or sealed for something else.");
}
