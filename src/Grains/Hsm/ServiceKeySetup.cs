using System.Collections.Concurrent;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Makes or checks the service key when a silo starts: before it takes work, not after. Each token is called on a thread of its own, so that one that hangs holds up the
/// start for a minute at most.
/// </summary>
internal static class ServiceKeySetup
{
    // Trying a token out makes RSA keys, which takes devices seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // What a token still hangs in: it is waited for once.
    private static readonly ConcurrentDictionary<TokenAddress, Task> Hanging = new();

    /// <summary>
    /// Gives the service key. With none <paramref name="stored"/> in the database a new one is made, and the root key too if the token has none that works; the
    /// caller stores it before anything uses it. Run again after a crash in between it finds the root key and makes another service key.
    /// With several tokens no root key is made, for it would be in one of them only: it is the newest that all of them hold.
    /// </summary>
    /// <exception cref="HsmSetupException">All tokens are missing, refuse the PIN, or cannot open the stored key. Nothing was created.</exception>
    public static ServiceKey Open(HsmOptions options, WrappedKey? stored)
    {
        int? common = stored is null && options.Addresses.Count > 1 ? CommonRootKey(options) : null;
        var key = new ServiceKey(stored ?? OnFirst(options, token => Guarded(token, Patience, module => Create(module, token, common))));
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
        var serving = new List<(TokenAddress Token, ulong Slot, TokenCapabilities Offered)>();
        var absent = new List<HsmSetupException>();
        foreach (var token in options.Addresses)
        {
            try { serving.Add(TryOut(token, serviceKey)); }
            catch (HsmSetupException e) { absent.Add(e); }
        }
        if (serving.Count == 0) throw Together(absent);
        // Which names alone do not tell: one by its label, the other by its serial number.
        var twice = serving.GroupBy(found => (Path.GetFullPath(found.Token.ModulePath), found.Slot)).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new HsmSetupException($"'{string.Join("' and '", twice.Select(found => found.Token.Name))}' in Kms:Hsm:Tokens are one token: remove one of them.");
        return (serving.Select(found => found.Offered).Aggregate((all, more) => all.And(more)), [.. absent.Select(e => e.Message)]);
    }

    /// <summary>Runs <paramref name="use"/> in a session with the service key, on the first token that serves.</summary>
    /// <exception cref="HsmSetupException">No token serves this database.</exception>
    public static T Use<T>(HsmOptions options, ServiceKey serviceKey, Func<TokenSession, T> use) => OnFirst(options, token => Use(token, serviceKey, use));

    /// <inheritdoc cref="Use{T}(HsmOptions, ServiceKey, Func{TokenSession, T})"/>
    public static T Use<T>(TokenAddress token, ServiceKey serviceKey, Func<TokenSession, T> use, TimeSpan? patience = null) => Guarded(token, patience ?? Patience, module =>
    {
        using var session = new TokenSession(module, token, serviceKey);
        return use(session);
    });

    /// <summary>What the tokens that are there keep of the trail.</summary>
    public static List<SignedCheckpoint> Anchors(HsmOptions options, ServiceKey serviceKey, string owner) => [.. options.Addresses.SelectMany(token =>
    {
        try { return Use(token, serviceKey, session => session.Anchors(owner)); }
        catch (HsmSetupException) { return []; }
    })];

    private static (TokenAddress Token, ulong Slot, TokenCapabilities Offered) TryOut(TokenAddress token, ServiceKey serviceKey) => Use(token, serviceKey, session =>
    {
        try { return (token, session.SlotId, session.Capabilities()); }
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

    private static T Guarded<T>(TokenAddress token, TimeSpan patience, Func<Pkcs11Module, T> use)
    {
        if (Hanging.TryGetValue(token, out var earlier) && !earlier.IsCompleted) throw NoAnswer(token);
        var call = Task.Factory.StartNew(() => OnToken(token, use), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // Waits for one of two: a wait of limited time ends at once where the clock of the process is moved. What the call threw comes as it is.
        if (Task.WhenAny(call, Task.Delay(patience)).GetAwaiter().GetResult() == call) return call.GetAwaiter().GetResult();
        Hanging[token] = call;
        throw NoAnswer(token);
    }

    private static HsmSetupException NoAnswer(TokenAddress token) => new($"Token '{token.Name}' does not answer: look at device, network and module.");

    private static T OnToken<T>(TokenAddress token, Func<Pkcs11Module, T> use)
    {
        var module = Pkcs11Module.Load(token.ModulePath);
        module.EnterCall();
        try
        {
            return use(module);
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
        finally { module.ExitCall(); }
    }

    // Tokens that are away are passed over: each proves that it has the root key before it serves.
    private static int CommonRootKey(HsmOptions options)
    {
        var (held, failures) = (new List<int[]>(), new List<HsmSetupException>());
        foreach (var token in options.Addresses)
        {
            try { held.Add(Guarded(token, Patience, module => InSession(module, token, SessionType.ReadOnly, static roots => roots.Versions()))); }
            catch (HsmSetupException e) { failures.Add(e); }
        }
        if (held.Count == 0) throw Together(failures);
        var common = held.Aggregate((all, more) => [.. all.Intersect(more)]);
        return common.Length > 0 ? common.Max() : throw new HsmSetupException("No root key is in all tokens of Kms:Hsm:Tokens: make one with kms-admin add-root-key, then start again.");
    }

    private static WrappedKey Create(Pkcs11Module module, TokenAddress token, int? common) => InSession(module, token, SessionType.ReadWrite, roots =>
        common is { } version ? roots.Generate(version) : GenerateUnderNewest(roots));

    // SoftHSM writes a new key in two steps, and what a process that was killed between them leaves it lists like any other: a name without a key, which wraps nothing. It cannot
    // be told for certain from a root key that only fails now, so nothing is destroyed: the next number is taken.
    private static WrappedKey GenerateUnderNewest(RootKeys roots)
    {
        var held = roots.Versions();
        foreach (var version in held.Reverse())
        {
            if (TryGenerate(roots, version) is { } key) return key;
        }
        var next = held.LastOrDefault() + 1;
        roots.Make(next);
        return roots.Generate(next);
    }

    private static WrappedKey? TryGenerate(RootKeys roots, int version)
    {
        try { return roots.Generate(version); }
        catch (Pkcs11Exception e) when (TokenFaults.IsAmbiguous(e.RV)) { return null; }
    }

    private static T InSession<T>(Pkcs11Module module, TokenAddress token, SessionType type, Func<RootKeys, T> use)
    {
        var session = TokenLogin.Open(module, token, type);
        try
        {
            using var roots = new RootKeys(session, token.Name);
            return use(roots);
        }
        finally
        {
            TokenLogin.Close(module, token, session);
        }
    }
}
