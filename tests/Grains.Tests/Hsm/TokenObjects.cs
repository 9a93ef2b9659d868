using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>Looks into a token past the code under test.</summary>
internal static class TokenObjects
{
    public static Pkcs11Module Module => Pkcs11Module.Load(TokenFixture.ModulePath);

    public static ISlot Slot(HsmOptions options) => Module.FindSlot(options.Addresses.Single())!;

    /// <summary>Keys that the process sees: those kept in the token, or those of sessions. The trail keeps data there, too.</summary>
    public static int Count(HsmOptions options, bool isToken) => Look(options, session =>
    {
        using var onToken = Pkcs11Module.Factories.ObjectAttributeFactory.Create(CKA.CKA_TOKEN, isToken);
        using var data = Pkcs11Module.Factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, CKO.CKO_DATA);
        return session.FindAllObjects([onToken]).Count - session.FindAllObjects([onToken, data]).Count;
    });

    public static T Look<T>(HsmOptions options, Func<ISession, T> look)
    {
        var session = TokenLogin.Open(Module, options.Addresses.Single(), SessionType.ReadWrite);
        try { return look(session); }
        finally { TokenLogin.Close(Module, options.Addresses.Single(), session); }
    }
}
