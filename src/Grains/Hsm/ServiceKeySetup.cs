using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Makes or checks the service key when a silo starts: before it takes work, not after. Each token is called on a thread of its own, so that one that hangs holds up the
/// start for a minute at most.
/// </summary>
internal static class ServiceKeySetup
{
    private const int FirstRootKey = 1;

    // Trying a token out makes RSA keys, which takes devices seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gives the service key. With none <paramref name="stored"/> in the database a new one is made, and the root key too if the token has none; the
    /// caller stores it before anything uses it. Run again after a crash in between it finds the root key and makes another service key.
    /// With several tokens no root key is made, for it would be in one of them only.
    /// </summary>
    /// <exception cref="HsmSetupException">All tokens are missing, refuse the PIN, or cannot open the stored key. Nothing was created.</exception>
    public static ServiceKey Open(HsmOptions options, WrappedKey? stored)
    {
        var key = new ServiceKey(stored ?? OnFirst(options, token => Guarded(token, () => Create(Pkcs11Module.Load(token.ModulePath), token, mayMakeRootKey: options.Addresses.Count == 1))));
        return Use(options, key, session =>
        {
            session.Probe();
            return key;
        });
    }

    /// <summary>
    /// Finds out what the tokens can do: all that are there, and no more than each of them. One that is away now is not asked later: it serves once a lane has opened a session
    /// on it, which proves that it holds the root key, and if it then lacks what the others can do, such calls go on to them.
    /// </summary>
    /// <returns>What is offered, and why the tokens that do not serve do not, a line each.</returns>
    /// <exception cref="HsmSetupException">No token serves this database, or two settings name one token.</exception>
    public static (TokenCapabilities Offered, IReadOnlyList<string> Absent) Capabilities(HsmOptions options, ServiceKey serviceKey)
    {
        TokenCapabilities? offered = null;
        var absent = new List<HsmSetupException>();
        var slots = new HashSet<(string Module, ulong Slot)>();
        foreach (var token in options.Addresses)
        {
            try
            {
                var (found, slot) = TryOut(token, serviceKey);
                if (!slots.Add((Path.GetFullPath(token.ModulePath), slot))) throw new InvalidOperationException($"Token '{token.Name}' is in Kms:Hsm:Tokens under another name, too: remove one of the two.");
                offered = offered is null ? found : offered.And(found);
            }
            catch (HsmSetupException e) { absent.Add(e); }
            catch (InvalidOperationException e) { throw new HsmSetupException(e.Message, e); }
        }
        return (offered ?? throw Together(absent), [.. absent.Select(e => e.Message)]);
    }

    /// <summary>Runs <paramref name="use"/> in a session with the service key, on the first token that serves.</summary>
    /// <exception cref="HsmSetupException">No token serves this database.</exception>
    public static T Use<T>(HsmOptions options, ServiceKey serviceKey, Func<TokenSession, T> use) => OnFirst(options, token => Use(token, serviceKey, use));

    /// <inheritdoc cref="Use{T}(HsmOptions, ServiceKey, Func{TokenSession, T})"/>
    public static T Use<T>(TokenAddress token, ServiceKey serviceKey, Func<TokenSession, T> use) => Guarded(token, () =>
    {
        using var session = new TokenSession(Pkcs11Module.Load(token.ModulePath), token, serviceKey);
        return use(session);
    });

    private static (TokenCapabilities Found, ulong Slot) TryOut(TokenAddress token, ServiceKey serviceKey) => Use(token, serviceKey, session =>
    {
        try { return (session.Capabilities(), session.SlotId); }
        catch (Pkcs11Exception e) { throw new HsmSetupException($"Token '{token.Name}' failed while it was tried out ({e.Method}: {e.RV}): look at token and module, then start again.", e); }
    });

    private static T OnFirst<T>(HsmOptions options, Func<TokenAddress, T> use)
    {
        var failures = new List<HsmSetupException>();
        foreach (var token in options.Addresses)
        {
            try { return use(token); }
            catch (HsmSetupException e) { failures.Add(e); }
        }
        throw Together(failures);
    }

    private static HsmSetupException Together(List<HsmSetupException> failures) =>
        failures is [var only] ? only : new HsmSetupException($"None of {failures.Count} tokens serves. {string.Join(' ', failures.Select(failure => failure.Message))}", failures[0]);

    private static T Guarded<T>(TokenAddress token, Func<T> use)
    {
        var call = Task.Factory.StartNew(() => OnToken(token, use), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // Waits without throwing: what the call threw comes as it is.
        if (!((IAsyncResult)call).AsyncWaitHandle.WaitOne(Patience)) throw new HsmSetupException($"Token '{token.Name}' does not answer: look at device, network and module.");
        return call.GetAwaiter().GetResult();
    }

    private static T OnToken<T>(TokenAddress token, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_TOKEN_NOT_PRESENT)
        {
            throw new HsmSetupException($"No token '{token.Name}': connect or restore it, or correct its name in Kms:Hsm.", e);
        }
        catch (Pkcs11Exception e)
        {
            throw new HsmSetupException($"Token '{token.Name}' does not open the service key ({e.RV}): restore the token that belongs to this database.", e);
        }
        catch (InvalidDataException e)
        {
            throw new HsmSetupException($"{e.Message} Restore database and token from one backup.", e);
        }
    }

    private static WrappedKey Create(Pkcs11Module module, TokenAddress token, bool mayMakeRootKey)
    {
        var session = TokenLogin.Open(module, token, SessionType.ReadWrite);
        try
        {
            using var roots = new RootKeys(session, token.Name);
            if (mayMakeRootKey) roots.Ensure(FirstRootKey);
            else roots.Check(FirstRootKey);
            return roots.Generate(FirstRootKey);
        }
        finally
        {
            TokenLogin.Close(module, token, session);
        }
    }
}
