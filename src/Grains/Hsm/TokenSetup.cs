using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>The first use of a token by a database, and the check that the two belong together.</summary>
internal static class TokenSetup
{
    /// <summary>Makes root key and service key for a database that has none.</summary>
    public static ServiceKey CreateServiceKey(HsmOptions options) => Guarded(() =>
    {
        using var session = TokenSession.Open(options, null);
        if (!session.HasRootKey()) session.CreateRootKey();
        return new ServiceKey(session.GenerateAesKey());
    });

    /// <summary>Runs <paramref name="use"/> in a session with the service key of the database.</summary>
    /// <exception cref="HsmSetupException">The token does not open the service key, or does not work at all.</exception>
    public static T Use<T>(HsmOptions options, ServiceKey serviceKey, Func<TokenSession, T> use) => Guarded(() =>
    {
        using var session = TokenSession.Open(options, serviceKey);
        return use(session);
    });

    private static T Guarded<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (TokenFaultException e)
        {
            throw new HsmSetupException($"{e.Message} The keys of this database need it: restore the token from a backup.");
        }
        catch (Pkcs11Exception e)
        {
            throw new HsmSetupException($"The token does not serve this database ({e.Method}: {e.RV}); restore the token that belongs to it from a backup.");
        }
        catch (InvalidDataException e)
        {
            throw new HsmSetupException($"{e.Message} Restore database and token from one backup.");
        }
    }
}
