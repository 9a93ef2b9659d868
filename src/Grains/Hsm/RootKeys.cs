using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>The root keys as one session sees them. Handles are looked up once: with many objects in the token a search takes milliseconds.</summary>
internal sealed class RootKeys(ISession session, string tokenLabel) : IDisposable
{
    private const int MaxTries = 3;

    private readonly Dictionary<int, IObjectHandle> _handles = [];
    private readonly IMechanism _wrapping = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_WRAP_PAD);

    /// <summary>Makes material in the token that leaves it wrapped only, and wraps it.</summary>
    public WrappedKey Generate(int version)
    {
        using var template = KeyTemplate.NewMaterial();
        using var generating = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        var key = session.GenerateKey(generating, template.Attributes);
        try { return Wrap(version, key); }
        finally { session.DestroyObject(key); }
    }

    /// <summary>Wraps an extractable key of this session.</summary>
    public WrappedKey Wrap(int version, IObjectHandle key) => new(version, Wrap(Handle(version), key));

    /// <summary>Wraps an extractable key of this session under any wrapping key of it.</summary>
    public byte[] Wrap(IObjectHandle wrappingKey, IObjectHandle key) => session.WrapKey(_wrapping, wrappingKey, key);

    /// <summary>Opens wrapped material as an object of this session that can do what <paramref name="usage"/> says and nothing else.</summary>
    public IObjectHandle Unwrap(WrappedKey wrapped, KeySpec spec = KeySpec.Aes256, KeyUsage usage = KeyUsage.EncryptDecrypt)
    {
        using var template = spec == KeySpec.Aes256 ? KeyTemplate.KeyInUse() : PairTemplates.PrivateKeyInUse(spec, usage);
        return Unwrap(wrapped, template);
    }

    /// <summary>Opens wrapped material as the object that <paramref name="template"/> describes.</summary>
    public IObjectHandle Unwrap(WrappedKey wrapped, KeyTemplate template) => Unwrap(Handle(wrapped.RootKeyVersion), wrapped.Bytes, template);

    /// <summary>Opens what any wrapping key of this session wraps.</summary>
    public IObjectHandle Unwrap(IObjectHandle wrappingKey, byte[] wrapped, KeyTemplate template) => session.UnwrapKey(_wrapping, wrappingKey, wrapped, template.Attributes);

    /// <summary>The versions that the token holds, in order.</summary>
    public int[] Versions()
    {
        using var template = KeyTemplate.FindRootKeys();
        var versions = new SortedSet<int>();
        foreach (var key in session.FindAllObjects(template.Attributes))
        {
            if (KeyTemplate.TryReadRootKeyLabel(session.GetAttributeValue(key, [CKA.CKA_LABEL])[0].GetValueAsString(), out var version)) versions.Add(version);
        }
        return [.. versions];
    }

    /// <summary>The root key of that version, or null.</summary>
    public IObjectHandle? TryFind(int version) => Find(version);

    /// <summary>Destroys the root key of that version; false if there is none. What it wraps is lost.</summary>
    public bool Destroy(int version)
    {
        if (Find(version) is not { } root) return false;
        session.DestroyObject(root);
        _handles.Remove(version);
        return true;
    }

    /// <summary>Opens the wrapped private key of a wrapping key, which can unwrap and nothing else.</summary>
    public IObjectHandle UnwrapWrappingKey(WrappedKey wrapped, KeySpec spec)
    {
        using var template = PairTemplates.UnwrappingPrivateKey(spec);
        return session.UnwrapKey(_wrapping, Handle(wrapped.RootKeyVersion), wrapped.Bytes, template.Attributes);
    }

    /// <summary>Makes the root key of that version.</summary>
    /// <exception cref="HsmSetupException">The token has a key of that name.</exception>
    public void Make(int version)
    {
        if (Find(version) is not null) throw new HsmSetupException($"Token '{tokenLabel}' holds a key {KeyTemplate.RootKeyLabel(version)} already: it is not replaced, for it may wrap a database's keys.");
        using var template = KeyTemplate.RootKey(version);
        using var generating = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        for (var tries = 1; ; tries++)
        {
            try
            {
                _handles[version] = session.GenerateKey(generating, template.Attributes);
                return;
            }
            // SoftHSM fails at making an object now and then while others list those of the token, and leaves nothing of it.
            catch (Pkcs11Exception e) when (e.RV == CKR.CKR_GENERAL_ERROR && tries < MaxTries && Find(version) is null) { }
        }
    }

    /// <summary>Asks the token, not the remembered handle.</summary>
    /// <exception cref="HsmSetupException">The root key is gone.</exception>
    public void Check(int version) => _ = Find(version) ?? throw Missing(version);

    public void Dispose() => _wrapping.Dispose();

    private IObjectHandle Handle(int version)
    {
        if (!_handles.TryGetValue(version, out var handle)) _handles[version] = handle = Find(version) ?? throw Missing(version);
        return handle;
    }

    private IObjectHandle? Find(int version)
    {
        using var template = KeyTemplate.FindRootKey(version);
        var found = session.FindAllObjects(template.Attributes);
        return found.Count < 2 ? found.FirstOrDefault() : throw new HsmSetupException(
            $"Token '{tokenLabel}' holds {found.Count} keys named {KeyTemplate.RootKeyLabel(version)}: remove those that did not wrap the database's keys.");
    }

    private HsmSetupException Missing(int version) => new(
        $"Token '{tokenLabel}' holds no key {KeyTemplate.RootKeyLabel(version)}, which wraps the database's keys: restore the token from its backup, or bring the root key in with kms-admin import-root-key.") { NeedsRestart = true };
}
