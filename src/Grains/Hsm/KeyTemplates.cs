using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>The attributes of each kind of key in the token.</summary>
internal static class KeyTemplates
{
    private const ulong Aes256Length = 32;

    /// <summary>The label of a version of the root key.</summary>
    public static string RootLabel(int version) => $"kms-root-{version}";

    /// <summary>A root key: stays in the token, never to be read, for wrapping only.</summary>
    public static List<IObjectAttribute> Root(int version) =>
    [
        .. Aes(token: true, extractable: false),
        Attribute(CKA.CKA_LABEL, RootLabel(version)),
        Of(CKA.CKA_ID, Encoding.ASCII.GetBytes(RootLabel(version))),
        Attribute(CKA.CKA_VALUE_LEN, Aes256Length),
        .. Uses(wrap: true, encrypt: false),
        Pkcs11Module.Factories.ObjectAttributeFactory.Create(CKA.CKA_ALLOWED_MECHANISMS, [CKM.CKM_AES_KEY_WRAP_PAD]),
    ];

    /// <summary>New key material: extractable, since it has to be wrapped, and destroyed as soon as it is.</summary>
    public static List<IObjectAttribute> NewMaterial() =>
        [.. Aes(token: false, extractable: true), Attribute(CKA.CKA_VALUE_LEN, Aes256Length), .. Uses(wrap: false, encrypt: false)];

    /// <summary>A key in use. The length comes with the wrapped key: naming it is refused.</summary>
    public static List<IObjectAttribute> InUse() => [.. Aes(token: false, extractable: false), .. Uses(wrap: false, encrypt: true)];

    /// <summary>Finds a version of the root key.</summary>
    public static List<IObjectAttribute> FindRoot(int version) =>
        [Attribute(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), Attribute(CKA.CKA_TOKEN, true), Attribute(CKA.CKA_LABEL, RootLabel(version))];

    private static List<IObjectAttribute> Aes(bool token, bool extractable) =>
    [
        Attribute(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), Attribute(CKA.CKA_KEY_TYPE, CKK.CKK_AES), Attribute(CKA.CKA_TOKEN, token),
        Attribute(CKA.CKA_PRIVATE, true), Attribute(CKA.CKA_SENSITIVE, true), Attribute(CKA.CKA_EXTRACTABLE, extractable),
    ];

    private static List<IObjectAttribute> Uses(bool wrap, bool encrypt) =>
    [
        Attribute(CKA.CKA_WRAP, wrap), Attribute(CKA.CKA_UNWRAP, wrap), Attribute(CKA.CKA_ENCRYPT, encrypt), Attribute(CKA.CKA_DECRYPT, encrypt),
        Attribute(CKA.CKA_SIGN, false), Attribute(CKA.CKA_VERIFY, false),
    ];

    private static IObjectAttribute Attribute(CKA type, bool value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    private static IObjectAttribute Attribute(CKA type, ulong value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    private static IObjectAttribute Attribute(CKA type, string value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    private static IObjectAttribute Attribute(CKA type, CKO value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    private static IObjectAttribute Attribute(CKA type, CKK value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);

    private static IObjectAttribute Of(CKA type, byte[] value) => Pkcs11Module.Factories.ObjectAttributeFactory.Create(type, value);
}
