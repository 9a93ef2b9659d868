using System.Security.Cryptography;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Carries root keys between tokens, in one read-write session of each. A root key for export is made in the token, as an object of the session, and leaves it wrapped
/// under a transfer key; every token, the first one too, gets it by unwrapping that. So it never exists in clear outside a token, and no object of a token is extractable.
/// </summary>
internal sealed class RootKeyTransfer(Cryptoki token, ISession session, RootKeys roots)
{
    private static readonly byte[] CheckText = "This is the right root key."u8.ToArray();

    /// <summary>Length of an export's check text.</summary>
    public static int CheckBytes { get; } = GcmCipher.IvBytes + CheckText.Length + GcmCipher.TagBytes;

    /// <summary>Makes a root key for export. The token does not keep it: that is what <see cref="Import"/> is for.</summary>
    public RootKeyExport Generate(int version, TransferKey transferKey, int shares, int threshold)
    {
        var id = RandomNumberGenerator.GetHexString(16);
        var transfer = Create(transferKey, wraps: true);
        try
        {
            var wrapped = WrapNew(transfer);
            var (checkKey, checkText) = WithCandidate(version, wrapped, transfer, candidate => MakeCheck(candidate, CheckPlace(version, id)));
            return new(RootKeyExport.CurrentFormat, version, id, shares, threshold, wrapped, checkKey, checkText);
        }
        finally { session.DestroyObject(transfer); }
    }

    /// <summary>Puts the root key of an export into the token; false if it is there already.</summary>
    /// <exception cref="HsmSetupException">The shares do not open it, or the token has another root key of that version.</exception>
    public bool Import(RootKeyExport export, TransferKey transferKey)
    {
        var transfer = Create(transferKey, wraps: false);
        try
        {
            // As an object of the session first: nothing is put into the token that was not found to be right.
            if (!WithCandidate(export.RootKeyVersion, export.Wrapped, transfer, candidate => Fits(candidate, export))) throw NotRight(export);
            if (roots.TryFind(export.RootKeyVersion) is { } existing)
            {
                return Fits(existing, export) ? false : throw new HsmSetupException(
                    $"The token holds another key {KeyTemplate.RootKeyLabel(export.RootKeyVersion)} already: it is not replaced, for it may be the one that wraps a database's keys.");
            }
            using var template = KeyTemplate.UnwrappedRootKey(export.RootKeyVersion, isToken: true);
            var made = roots.Unwrap(transfer, export.Wrapped, template);
            if (Fits(made, export)) return true;
            session.DestroyObject(made);
            throw NotRight(export);
        }
        finally { session.DestroyObject(transfer); }
    }

    /// <summary>Whether the token's root key of that version is the one of the export; false if it has none.</summary>
    public bool Holds(RootKeyExport export) => roots.TryFind(export.RootKeyVersion) is { } existing && Fits(existing, export);

    private static HsmSetupException NotRight(RootKeyExport export) =>
        new($"What the {export} gives is not the root key that was exported: the file was altered.");

    private static byte[] CheckPlace(int version, string exportId) => Encoding.UTF8.GetBytes($"kms.root-check/1/{KeyTemplate.RootKeyLabel(version)}/{exportId}");

    private IObjectHandle Create(TransferKey key, bool wraps)
    {
        using var template = KeyTemplate.TransferKey(key, wraps);
        return session.CreateObject(template.Attributes);
    }

    private byte[] WrapNew(IObjectHandle transfer)
    {
        using var template = KeyTemplate.NewMaterial();
        using var generating = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        var root = session.GenerateKey(generating, template.Attributes);
        try { return roots.Wrap(transfer, root); }
        finally { session.DestroyObject(root); }
    }

    private T WithCandidate<T>(int version, byte[] wrapped, IObjectHandle transfer, Func<IObjectHandle, T> use)
    {
        using var template = KeyTemplate.UnwrappedRootKey(version, isToken: false);
        IObjectHandle candidate;
        try { candidate = roots.Unwrap(transfer, wrapped, template); }
        catch (Pkcs11Exception e) when (TokenFaults.IsBadData(e.RV) || TokenFaults.IsAmbiguous(e.RV))
        {
            throw new HsmSetupException($"The shares do not open the export of {KeyTemplate.RootKeyLabel(version)}: file or shares were altered.", e);
        }
        try { return use(candidate); }
        finally { session.DestroyObject(candidate); }
    }

    private (byte[] Key, byte[] Text) MakeCheck(IObjectHandle root, byte[] place)
    {
        using var template = KeyTemplate.NewMaterial();
        using var generating = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        var key = session.GenerateKey(generating, template.Attributes);
        byte[] wrapped;
        try { wrapped = roots.Wrap(root, key); }
        finally { session.DestroyObject(key); }
        var iv = GcmCipher.NewIv();
        return (wrapped, WithCheckKey(root, wrapped, inUse => (byte[])[.. iv, .. GcmCipher.Encrypt(token, session, inUse, iv, place, CheckText)]));
    }

    private bool Fits(IObjectHandle root, RootKeyExport export)
    {
        try
        {
            var opened = WithCheckKey(root, export.CheckKey, key => GcmCipher.TryDecrypt(
                token, session, key, export.CheckText.AsSpan(0, GcmCipher.IvBytes), CheckPlace(export.RootKeyVersion, export.Id), export.CheckText.AsSpan(GcmCipher.IvBytes)));
            return opened.AsSpan().SequenceEqual(CheckText);
        }
        catch (Pkcs11Exception e) when (TokenFaults.IsBadData(e.RV) || TokenFaults.IsAmbiguous(e.RV))
        {
            return false;
        }
    }

    private T WithCheckKey<T>(IObjectHandle root, byte[] wrapped, Func<IObjectHandle, T> use)
    {
        using var template = KeyTemplate.KeyInUse();
        var key = roots.Unwrap(root, wrapped, template);
        try { return use(key); }
        finally { session.DestroyObject(key); }
    }
}
