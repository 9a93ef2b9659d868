using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Opens and closes logged-in sessions.</summary>
internal static class TokenLogin
{
    /// <summary>Finds the token, opens a session and logs the user in.</summary>
    /// <exception cref="HsmSetupException">The PIN is missing or refused, or several tokens fit.</exception>
    /// <exception cref="Pkcs11Exception">CKR_TOKEN_NOT_PRESENT if no slot has the token, or what the token answered.</exception>
    public static ISession Open(Pkcs11Module module, TokenAddress token, SessionType type)
    {
        var generation = module.Generation;
        module.Unclosed.Require(token, generation);
        var slot = module.FindSlot(token) ?? throw new Pkcs11Exception("C_GetSlotList", CKR.CKR_TOKEN_NOT_PRESENT);
        var session = slot.OpenSession(type);
        try
        {
            LogIn(module, session, token);
            return session;
        }
        catch
        {
            module.Unclosed.Close(token, session, generation);
            throw;
        }
    }

    /// <summary>Closes a session that may be dead already. If the token fails to, that is done before the next one is opened.</summary>
    public static void Close(Pkcs11Module module, TokenAddress token, ISession session) => module.Unclosed.Close(token, session, module.Generation);

    private static void LogIn(Pkcs11Module module, ISession session, TokenAddress token)
    {
        module.Pins.Check(token);
        try
        {
            SecretFile.Use(token.PinFile, pin => session.Login(CKU.CKU_USER, pin));
        }
        // Login belongs to the process, not the session: another session got there first.
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN) { }
        catch (Pkcs11Exception e) when (TokenFaults.IsRefusedPin(e.RV))
        {
            throw module.Pins.Refuse(token, e);
        }
    }
}
