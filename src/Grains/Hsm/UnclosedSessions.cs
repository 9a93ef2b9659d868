using System.Collections.Concurrent;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Sessions that a token did not close when it was asked to, with all that was unwrapped in them. Each is closed before the next is opened on that token: so no more of them
/// gather than there are lanes. Safe to use from all threads.
/// </summary>
internal sealed class UnclosedSessions
{
    private readonly ConcurrentDictionary<TokenAddress, ConcurrentQueue<(ISession Session, int Generation)>> _byToken = new();

    /// <summary>Closes a session that may be dead already; if the token fails to, the session is kept here.</summary>
    public void Close(TokenAddress token, ISession session, int generation)
    {
        if (!TryClose(session, out _)) Of(token).Enqueue((session, generation));
    }

    /// <summary>Closes what is left of earlier sessions on the token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="generation">The module's: sessions of earlier ones ended with it, and their numbers may name others by now.</param>
    /// <exception cref="Pkcs11Exception">The token fails to again.</exception>
    public void Require(TokenAddress token, int generation)
    {
        var sessions = Of(token);
        while (sessions.TryDequeue(out var unclosed))
        {
            if (unclosed.Generation != generation || TryClose(unclosed.Session, out var code)) continue;
            sessions.Enqueue(unclosed);
            throw new Pkcs11Exception("C_CloseSession", code);
        }
    }

    private static bool TryClose(ISession session, out CKR code)
    {
        code = CKR.CKR_OK;
        try { session.CloseSession(); }
        catch (Pkcs11Exception e)
        {
            code = e.RV;
            // The token or another user of the process ended it first: there is nothing left to close.
            return TokenFaults.EndsSessions(e.RV);
        }
        return true;
    }

    private ConcurrentQueue<(ISession Session, int Generation)> Of(TokenAddress token) => _byToken.GetOrAdd(token, static _ => new());
}
