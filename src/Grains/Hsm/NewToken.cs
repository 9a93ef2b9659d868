using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>The two steps in which a token is made through PKCS#11, with PINs from files.</summary>
internal static class NewToken
{
    private const int LabelBytes = 32;

    /// <summary>Initialises the token in a slot, and destroys what it holds; slots may be renumbered by that.</summary>
    public static void Initialise(ISlot slot, string label, string officerPinFile)
    {
        var padded = new byte[LabelBytes];
        padded.AsSpan().Fill((byte)' ');
        Encoding.UTF8.GetBytes(label, padded);
        SecretFile.Use(officerPinFile, pin => slot.InitToken(pin, padded));
    }

    /// <summary>Sets the user PIN.</summary>
    public static void SetPin(ISlot slot, string officerPinFile, string pinFile)
    {
        using var session = slot.OpenSession(SessionType.ReadWrite);
        SecretFile.Use(officerPinFile, pin => session.Login(CKU.CKU_SO, pin));
        SecretFile.Use(pinFile, session.InitPin);
        session.Logout();
    }
}
