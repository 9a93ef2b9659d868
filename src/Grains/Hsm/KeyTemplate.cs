using System.Globalization;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Attributes of a key object, in unmanaged memory until disposed of. Those of key pairs are in <see cref="PairTemplates"/>.</summary>
internal sealed class KeyTemplate : IDisposable
{
    private const ulong KeyBytes = 32;
    private const string RootKeyPrefix = "kms-root-";

    public KeyTemplate(params List<IObjectAttribute> attributes) => Attributes = attributes;

    public List<IObjectAttribute> Attributes { get; }

    /// <summary>Finds the root key of this version.</summary>
    public static KeyTemplate FindRootKey(int version) => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_TOKEN, true), Of(CKA.CKA_LABEL, RootKeyLabel(version)));

    /// <summary>Finds the root keys of all versions, and whatever else wraps.</summary>
    public static KeyTemplate FindRootKeys() => new(Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_TOKEN, true), Of(CKA.CKA_WRAP, true));

    /// <summary>A root key: stays in the token for ever, and wraps and unwraps by one mechanism only, so it cannot be misused to decrypt keys as data.</summary>
    public static KeyTemplate RootKey(int version)
    {
        var template = UnwrappedRootKey(version, isToken: true);
        template.Attributes.Insert(2, Of(CKA.CKA_VALUE_LEN, KeyBytes));
        return template;
    }

    /// <summary>A root key that comes wrapped under a transfer key; as an object of a session it can be tried out. Without CKA_VALUE_LEN, see <see cref="KeyInUse"/>.</summary>
    public static KeyTemplate UnwrappedRootKey(int version, bool isToken) => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES),
        Of(CKA.CKA_LABEL, RootKeyLabel(version)), Of(CKA.CKA_ID, RootKeyLabel(version)),
        Of(CKA.CKA_TOKEN, isToken), Of(CKA.CKA_PRIVATE, true), Of(CKA.CKA_SENSITIVE, true), Of(CKA.CKA_EXTRACTABLE, false),
        Of(CKA.CKA_WRAP, true), Of(CKA.CKA_UNWRAP, true),
        Of(CKA.CKA_ENCRYPT, false), Of(CKA.CKA_DECRYPT, false), Of(CKA.CKA_SIGN, false), Of(CKA.CKA_VERIFY, false),
        Pkcs11Module.Factories.ObjectAttributeFactory.Create(CKA.CKA_ALLOWED_MECHANISMS, [CKM.CKM_AES_KEY_WRAP_PAD]),
        // The last one: what follows it, SoftHSM refuses when it unwraps (CKR_ATTRIBUTE_READ_ONLY).
        Of(CKA.CKA_MODIFIABLE, false));

    /// <summary>New material: extractable only because a key that is not cannot be wrapped; destroyed right after.</summary>
    public static KeyTemplate NewMaterial() => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES), Of(CKA.CKA_VALUE_LEN, KeyBytes),
        Of(CKA.CKA_TOKEN, false), Of(CKA.CKA_PRIVATE, true), Of(CKA.CKA_SENSITIVE, true), Of(CKA.CKA_EXTRACTABLE, true),
        Of(CKA.CKA_WRAP, false), Of(CKA.CKA_UNWRAP, false), Of(CKA.CKA_ENCRYPT, false), Of(CKA.CKA_DECRYPT, false));

    /// <summary>A transfer key, which wraps or unwraps one root key; destroyed right after.</summary>
    public static KeyTemplate TransferKey(TransferKey key, bool wraps)
    {
        var template = new KeyTemplate(
            Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES),
            Of(CKA.CKA_TOKEN, false), Of(CKA.CKA_PRIVATE, true), Of(CKA.CKA_SENSITIVE, true), Of(CKA.CKA_EXTRACTABLE, false),
            Of(CKA.CKA_WRAP, wraps), Of(CKA.CKA_UNWRAP, true), Of(CKA.CKA_ENCRYPT, false), Of(CKA.CKA_DECRYPT, false),
            Pkcs11Module.Factories.ObjectAttributeFactory.Create(CKA.CKA_ALLOWED_MECHANISMS, [CKM.CKM_AES_KEY_WRAP_PAD]));
        template.Attributes.Add(new WipedAttribute(CKA.CKA_VALUE, key.Bytes));
        return template;
    }

    /// <summary>Material on its way from one root key to another: extractable for that, able to nothing else, destroyed right after.</summary>
    public static KeyTemplate KeyToRewrap() => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES),
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
        template.Attributes.Add(new WipedAttribute(CKA.CKA_VALUE, key));
        return template;
    }

    public static string RootKeyLabel(int version) => $"{RootKeyPrefix}{version}";

    /// <summary>Undoes <see cref="RootKeyLabel"/>; false if the label is another key's.</summary>
    public static bool TryReadRootKeyLabel(string label, out int version)
    {
        version = 0;
        return label.StartsWith(RootKeyPrefix, StringComparison.Ordinal)
            && int.TryParse(label.AsSpan(RootKeyPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out version) && version > 0 && RootKeyLabel(version) == label;
    }

    public void Dispose() => Attributes.ForEach(attribute => attribute.Dispose());

    public static IObjectAttribute Of(CKA type, ulong value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    public static IObjectAttribute Of(CKA type, bool value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    public static IObjectAttribute Of(CKA type, string value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    public static IObjectAttribute Of(CKA type, byte[] value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);
}
