using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Makes or checks the service key when a silo starts. Calls the token on the caller's thread: before the silo takes work, not after.</summary>
internal static class ServiceKeySetup
{
    private const int FirstRootKey = 1;

    /// <summary>
    /// Gives the service key. With none <paramref name="stored"/> in the database a new one is made, and the root key too if the token has none; the
    /// caller stores it before anything uses it. Run again after a crash in between it finds the root key and makes another service key.
    /// </summary>
    /// <exception cref="HsmSetupException">The token is missing, refuses the PIN, or cannot open the stored key. Nothing was created.</exception>
    public static ServiceKey Open(HsmOptions options, WrappedKey? stored)
    {
        var key = new ServiceKey(stored ?? Guarded(options, () => Create(Pkcs11Module.Load(options.ModulePath), options)));
        return Use(options, key, session =>
        {
            session.Probe();
            return key;
        });
    }

    /// <summary>Finds out what the token can do.</summary>
    /// <exception cref="HsmSetupException">The token failed at it.</exception>
    public static TokenCapabilities Capabilities(HsmOptions options, ServiceKey serviceKey)
    {
        return Use(options, serviceKey, session =>
        {
            try { return session.Capabilities(options); }
            catch (Pkcs11Exception e) { throw new HsmSetupException($"Token '{options.TokenLabel}' failed while it was tried out ({e.Method}: {e.RV}): look at token and module, then start again.", e); }
        });
    }

    /// <summary>Runs <paramref name="use"/> in a session with the service key.</summary>
    /// <exception cref="HsmSetupException">The token does not serve this database.</exception>
    public static T Use<T>(HsmOptions options, ServiceKey serviceKey, Func<TokenSession, T> use) => Guarded(options, () =>
    {
        using var session = new TokenSession(Pkcs11Module.Load(options.ModulePath), options, serviceKey);
        return use(session);
    });

    private static T Guarded<T>(HsmOptions options, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_TOKEN_NOT_PRESENT)
        {
            throw new HsmSetupException($"No token with label '{options.TokenLabel}': connect or restore it, or correct Kms:Hsm:TokenLabel.", e);
        }
        catch (Pkcs11Exception e)
        {
            throw new HsmSetupException($"Token '{options.TokenLabel}' does not open the service key ({e.RV}): restore the token that belongs to this database.", e);
        }
        catch (InvalidDataException e)
        {
            throw new HsmSetupException($"{e.Message} Restore database and token from one backup.", e);
        }
    }

    private static WrappedKey Create(Pkcs11Module module, HsmOptions options)
    {
        var session = TokenLogin.Open(module, options, SessionType.ReadWrite);
        try
        {
            using var roots = new RootKeys(session, options.TokenLabel);
            roots.Ensure(FirstRootKey);
            return roots.Generate(FirstRootKey);
        }
        finally
        {
            TokenLogin.Close(session);
        }
    }
}
