using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Attributes of a key object, in unmanaged memory until disposed of. Those of key pairs are in <see cref="PairTemplates"/>.</summary>
internal sealed class KeyTemplate : IDisposable
{
    private const ulong KeyBytes = 32;

    public KeyTemplate(params List<IObjectAttribute> attributes) => Attributes = attributes;

    public List<IObjectAttribute> Attributes { get; }

    /// <summary>Finds the root key of this version.</summary>
    public static KeyTemplate FindRootKey(int version) => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_TOKEN, true), Of(CKA.CKA_LABEL, RootKeyLabel(version)));

    /// <summary>A root key: stays in the token for ever, and wraps and unwraps by one mechanism only, so it cannot be misused to decrypt keys as data.</summary>
    public static KeyTemplate RootKey(int version) => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES), Of(CKA.CKA_VALUE_LEN, KeyBytes),
        Of(CKA.CKA_LABEL, RootKeyLabel(version)), Of(CKA.CKA_ID, RootKeyLabel(version)),
        Of(CKA.CKA_TOKEN, true), Of(CKA.CKA_PRIVATE, true), Of(CKA.CKA_SENSITIVE, true), Of(CKA.CKA_EXTRACTABLE, false), Of(CKA.CKA_MODIFIABLE, false),
        Of(CKA.CKA_WRAP, true), Of(CKA.CKA_UNWRAP, true),
        Of(CKA.CKA_ENCRYPT, false), Of(CKA.CKA_DECRYPT, false), Of(CKA.CKA_SIGN, false), Of(CKA.CKA_VERIFY, false),
        Pkcs11Module.Factories.ObjectAttributeFactory.Create(CKA.CKA_ALLOWED_MECHANISMS, [CKM.CKM_AES_KEY_WRAP_PAD]));

    /// <summary>New material: extractable only because a key that is not cannot be wrapped; destroyed right after.</summary>
    public static KeyTemplate NewMaterial() => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES), Of(CKA.CKA_VALUE_LEN, KeyBytes),
        Of(CKA.CKA_TOKEN, false), Of(CKA.CKA_PRIVATE, true), Of(CKA.CKA_SENSITIVE, true), Of(CKA.CKA_EXTRACTABLE, true),
        Of(CKA.CKA_WRAP, false), Of(CKA.CKA_UNWRAP, false), Of(CKA.CKA_ENCRYPT, false), Of(CKA.CKA_DECRYPT, false));

    /// <summary>Material in use. Without CKA_VALUE_LEN, which SoftHSM refuses when it unwraps (CKR_ATTRIBUTE_READ_ONLY).</summary>
    public static KeyTemplate KeyInUse() => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES),
        Of(CKA.CKA_TOKEN, false), Of(CKA.CKA_PRIVATE, true), Of(CKA.CKA_SENSITIVE, true), Of(CKA.CKA_EXTRACTABLE, false),
        Of(CKA.CKA_ENCRYPT, true), Of(CKA.CKA_DECRYPT, true), Of(CKA.CKA_WRAP, false), Of(CKA.CKA_UNWRAP, false),
        Of(CKA.CKA_SIGN, false), Of(CKA.CKA_VERIFY, false));

    /// <summary>Imported material as it comes out of its wrapping: like <see cref="NewMaterial"/>, but how long it is shows only when it encrypts.</summary>
    public static KeyTemplate ImportedMaterial() => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES),
        Of(CKA.CKA_TOKEN, false), Of(CKA.CKA_PRIVATE, true), Of(CKA.CKA_SENSITIVE, true), Of(CKA.CKA_EXTRACTABLE, true),
        Of(CKA.CKA_WRAP, false), Of(CKA.CKA_UNWRAP, false), Of(CKA.CKA_ENCRYPT, true), Of(CKA.CKA_DECRYPT, false));

    /// <summary>Material that was unwrapped outside the token.</summary>
    public static KeyTemplate KnownMaterial(byte[] key)
    {
        var template = ImportedMaterial();
        template.Attributes.Add(Of(CKA.CKA_VALUE, key));
        return template;
    }

    public static string RootKeyLabel(int version) => $"kms-root-{version}";

    public void Dispose() => Attributes.ForEach(attribute => attribute.Dispose());

    public static IObjectAttribute Of(CKA type, ulong value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    public static IObjectAttribute Of(CKA type, bool value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    public static IObjectAttribute Of(CKA type, string value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    public static IObjectAttribute Of(CKA type, byte[] value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);
}
