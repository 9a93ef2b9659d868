using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// One logged-in session on the token and the keys it has unwrapped; every call blocks. Not thread safe. Session objects die with their session, so the
/// handles here are good for as long as it is. Nothing here logs out or closes sessions of others: both would concern the whole process.
/// </summary>
internal sealed class TokenSession : IDisposable
{
    private const int IvLength = 12;
    private const int TagLength = 16;
    private const ulong TagBits = TagLength * 8;

    private readonly ISession _session;
    private readonly HandleCache _keys;
    private readonly Dictionary<int, IObjectHandle> _roots = [];
    private IObjectHandle? _serviceKey;

    private TokenSession(ISession session, int handleCacheSize)
    {
        _session = session;
        _keys = new(handleCacheSize, session.DestroyObject);
    }

    /// <summary>Opens a session. The slot is looked up anew, since its number may have changed.</summary>
    /// <param name="options">Which token.</param>
    /// <param name="serviceKey">The service key; null only to make one.</param>
    /// <exception cref="HsmSetupException">The token refuses the PIN.</exception>
    /// <exception cref="TokenFaultException">There is no such token, or its root key is missing.</exception>
    public static TokenSession Open(HsmOptions options, ServiceKey? serviceKey)
    {
        var slot = Pkcs11Module.Load(options.ModulePath).FindSlot(options.TokenLabel)
            ?? throw new TokenFaultException($"There is no token labelled {options.TokenLabel}.");
        var opened = new TokenSession(slot.OpenSession(SessionType.ReadWrite), options.HandleCacheSize);
        try
        {
            opened.Login(options.PinFile);
            if (serviceKey is not null) opened._serviceKey = opened.Unwrap(serviceKey.Wrapped);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>How many unwrapped keys the session holds, the service key aside.</summary>
    public int CachedKeys => _keys.Count;

    /// <summary>Makes a 256-bit AES key in the token and wraps it under the newest root key.</summary>
    public WrappedKey GenerateAesKey()
    {
        using var generate = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        var key = _session.GenerateKey(generate, KeyTemplates.NewMaterial());
        try
        {
            using var wrap = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_WRAP_PAD);
            return new(RootKey.Newest, _session.WrapKey(wrap, Root(RootKey.Newest), key));
        }
        finally { _session.DestroyObject(key); }
    }

    /// <summary>AES-256-GCM in the token.</summary>
    /// <returns>Ciphertext, then the 16-byte tag.</returns>
    public byte[] Encrypt(HsmKey key, byte[] iv, byte[] aad, byte[] plaintext) => Encrypt(Handle(key), iv, aad, plaintext);

    /// <summary>Opens what <see cref="Encrypt(HsmKey, byte[], byte[], byte[])"/> made.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>.</exception>
    public byte[] Decrypt(HsmKey key, byte[] iv, byte[] aad, byte[] ciphertextAndTag)
    {
        var handle = Handle(key);
        try
        {
            return Decrypt(handle, iv, aad, ciphertextAndTag);
        }
        catch (Pkcs11Exception e) when (TokenFaults.IsBadCiphertext(e.RV) || (e.RV == CKR.CKR_GENERAL_ERROR && Works(handle)))
        {
            throw KmsException.BadCiphertext();
        }
    }

    /// <summary>Encrypts under the service key: IV, ciphertext, tag.</summary>
    public byte[] Seal(byte[] aad, byte[] plaintext)
    {
        var iv = RandomNumberGenerator.GetBytes(IvLength);
        return [.. iv, .. Encrypt(RequireServiceKey(), iv, aad, plaintext)];
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="InvalidDataException">It was altered, or sealed for another place or under another service key.</exception>
    public byte[] Open(byte[] aad, byte[] sealedBytes)
    {
        if (sealedBytes.Length < IvLength + TagLength) throw new InvalidDataException("Sealed bytes are too short.");
        try
        {
            return Decrypt(RequireServiceKey(), sealedBytes[..IvLength], aad, sealedBytes[IvLength..]);
        }
        catch (Pkcs11Exception e) when (TokenFaults.IsBadCiphertext(e.RV) || (e.RV == CKR.CKR_GENERAL_ERROR && Works(RequireServiceKey())))
        {
            throw new InvalidDataException("Sealed bytes do not open under the service key of this token.");
        }
    }

    /// <summary>Drops the unwrapped handle of a key.</summary>
    public bool Forget(Guid keyVersionId) => _keys.Forget(keyVersionId);

    /// <summary>Asks whether the token still works: encrypts under the service key and looks for the root key itself.</summary>
    public void Probe()
    {
        _roots.Clear();
        Root(RootKey.Newest);
        Encrypt(RequireServiceKey(), RandomNumberGenerator.GetBytes(IvLength), [], [0]);
    }

    /// <summary>Whether the token has a root key.</summary>
    public bool HasRootKey() => _session.FindAllObjects(KeyTemplates.FindRoot(RootKey.Newest)).Count > 0;

    /// <summary>Makes the first root key.</summary>
    public void CreateRootKey()
    {
        using var generate = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        _session.GenerateKey(generate, KeyTemplates.Root(RootKey.Newest));
    }

    /// <summary>Closes the session; the token destroys its objects with it.</summary>
    public void Dispose() => _session.Dispose();

    private void Login(string pinFile) => PinFile.Use(pinFile, pin =>
    {
        try { _session.Login(CKU.CKU_USER, pin); }
        // Login belongs to the process, not the session: another session got there first.
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN) { }
        catch (Pkcs11Exception e) when (TokenFaults.IsWrongPin(e.RV))
        {
            throw new HsmSetupException($"The token refuses the PIN in {pinFile} ({e.RV}); restore the file that belongs to this token.");
        }
    });

    private IObjectHandle Handle(HsmKey key)
    {
        if (_keys.Find(key.KeyVersionId) is { } known) return known;
        var handle = Unwrap(key.Wrapped);
        _keys.Add(key.KeyVersionId, handle);
        return handle;
    }

    private IObjectHandle Unwrap(WrappedKey wrapped)
    {
        using var unwrap = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_WRAP_PAD);
        return _session.UnwrapKey(unwrap, Root(wrapped.RootKeyVersion), wrapped.Bytes, KeyTemplates.InUse());
    }

    private IObjectHandle Root(int version)
    {
        if (_roots.TryGetValue(version, out var known)) return known;
        var found = _session.FindAllObjects(KeyTemplates.FindRoot(version));
        if (found.Count != 1) throw new TokenFaultException($"The token has {found.Count} objects labelled {KeyTemplates.RootLabel(version)} where there must be one.");
        return _roots[version] = found[0];
    }

    private IObjectHandle RequireServiceKey() => _serviceKey ?? throw new InvalidOperationException("The session was opened without the service key.");

    // A token that encrypts under the same key is sound: then it was the ciphertext that it did not like.
    private bool Works(IObjectHandle key)
    {
        Encrypt(key, RandomNumberGenerator.GetBytes(IvLength), [], [0]);
        return true;
    }

    private byte[] Encrypt(IObjectHandle key, byte[] iv, byte[] aad, byte[] plaintext)
    {
        using var parameters = Gcm(iv, aad);
        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
        return _session.Encrypt(mechanism, key, plaintext);
    }

    private byte[] Decrypt(IObjectHandle key, byte[] iv, byte[] aad, byte[] ciphertextAndTag)
    {
        using var parameters = Gcm(iv, aad);
        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
        return _session.Decrypt(mechanism, key, ciphertextAndTag);
    }

    // Some tokens take a missing IV and repeat their own: ours has 12 bytes, always.
    private static Net.Pkcs11Interop.HighLevelAPI.MechanismParams.ICkGcmParams Gcm(byte[] iv, byte[] aad) => iv.Length == IvLength
        ? Pkcs11Module.Factories.MechanismParamsFactory.CreateCkGcmParams(iv, IvLength * 8, aad, TagBits)
        : throw new ArgumentException($"An IV has {IvLength} bytes.", nameof(iv));
}
