using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Admin;

/// <summary>A session for work on a whole database, which takes longer than a start may wait for a token.</summary>
internal static class LongSession
{
    /// <summary>Proves that the token serves the database, then does the work on this thread.</summary>
    /// <exception cref="HsmSetupException">It does not serve.</exception>
    public static T Use<T>(TokenAddress token, ServiceKey serviceKey, Func<TokenSession, T> work)
    {
        ServiceKeySetup.Use(token, serviceKey, session =>
        {
            session.Probe();
            return true;
        });
        using var session = new TokenSession(Pkcs11Module.Load(token.ModulePath), token, serviceKey);
        return work(session);
    }
}
