using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Opens and closes logged-in sessions.</summary>
internal static class TokenLogin
{
    /// <summary>Finds the token, opens a session and logs the user in.</summary>
    /// <exception cref="HsmSetupException">The PIN is missing or refused.</exception>
    /// <exception cref="Pkcs11Exception">CKR_TOKEN_NOT_PRESENT if no slot has the token, or what the token answered.</exception>
    public static ISession Open(Pkcs11Module module, HsmOptions options, SessionType type)
    {
        var slot = module.FindSlot(options.TokenLabel) ?? throw new Pkcs11Exception("C_GetSlotList", CKR.CKR_TOKEN_NOT_PRESENT);
        var session = slot.OpenSession(type);
        try
        {
            LogIn(module, session, options);
            return session;
        }
        catch
        {
            Close(session);
            throw;
        }
    }

    /// <summary>Closes a session that may be dead already.</summary>
    public static void Close(ISession session)
    {
        try { session.Dispose(); }
        // The token or another user of the process ended it first: there is nothing left to close.
        catch (Pkcs11Exception e) when (TokenFaults.IsFault(e.RV)) { }
    }

    private static void LogIn(Pkcs11Module module, ISession session, HsmOptions options)
    {
        module.Pins.Check(options.TokenLabel, options.PinFile);
        try
        {
            SecretFile.Use(options.PinFile, pin => session.Login(CKU.CKU_USER, pin));
        }
        // Login belongs to the process, not the session: another session got there first.
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN) { }
        catch (Pkcs11Exception e) when (TokenFaults.IsRefusedPin(e.RV))
        {
            throw module.Pins.Refuse(options.TokenLabel, options.PinFile, e);
        }
    }
}
