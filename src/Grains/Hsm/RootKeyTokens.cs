using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// The root keys of all tokens that a silo uses, for operators' commands. Every token has to hold the same ones. Calls the tokens on the caller's thread.
/// </summary>
internal sealed class RootKeyTokens(HsmOptions options)
{
    private readonly IReadOnlyList<TokenAddress> _tokens = options.Addresses;

    /// <summary>The versions that every token holds, in order.</summary>
    /// <exception cref="HsmSetupException">A token is away.</exception>
    public int[] Versions() => [.. _tokens.Select(token => In(token, SessionType.ReadOnly, (_, _, roots) => roots.Versions())).Aggregate<IEnumerable<int>>((all, more) => all.Intersect(more)).Order()];

    /// <summary>The greatest number of a root key in any token; 0 if none holds one.</summary>
    /// <exception cref="HsmSetupException">A token is away.</exception>
    public int Highest() => _tokens.SelectMany(token => In(token, SessionType.ReadOnly, (_, _, roots) => roots.Versions())).DefaultIfEmpty().Max();

    /// <summary>Lines that tell, for each token, what it is and which root keys it holds.</summary>
    /// <exception cref="HsmSetupException">A token is away.</exception>
    public IEnumerable<string> Describe() => _tokens.SelectMany(token => In(token, SessionType.ReadOnly, (module, session, roots) =>
    {
        var library = module.Library;
        var slot = module.FindSlot(token)!;
        var info = slot.GetTokenInfo();
        var versions = roots.Versions();
        return new[]
        {
            $"module              {token.ModulePath}",
            $"library             {library.LibraryDescription.Trim()} {library.LibraryVersion}, {library.ManufacturerId.Trim()}, PKCS#11 {library.CryptokiVersion}",
            $"token               {info.Label.Trim()}, slot {slot.SlotId}, serial {info.SerialNumber.Trim()}, {info.Model.Trim()} of {info.ManufacturerId.Trim()}",
            $"firmware            {info.FirmwareVersion}, hardware {info.HardwareVersion}",
            $"root keys           {(versions.Length == 0 ? "none" : string.Join(", ", versions.Select(KeyTemplate.RootKeyLabel)))}",
        };
    }));

    /// <summary>Makes a root key that never leaves the tokens. In several it can be the same one only if it travels between them, wrapped; the transfer key is forgotten.</summary>
    /// <exception cref="HsmSetupException">A token is away.</exception>
    public void Add(int version)
    {
        if (_tokens is [var only]) Change(only, (_, _, roots) => roots.Make(version));
        else
        {
            using var transferKey = TransferKey.Generate();
            Import(Generate(version, transferKey, shares: 2, threshold: 2), transferKey);
        }
    }

    /// <summary>Makes a root key for export; no token holds it yet.</summary>
    public RootKeyExport Generate(int version, TransferKey transferKey, int shares, int threshold) =>
        In(_tokens[0], SessionType.ReadWrite, (module, session, roots) => new RootKeyTransfer(module.Cryptoki, session, roots).Generate(version, transferKey, shares, threshold));

    /// <summary>Puts an exported root key into every token that lacks it; gives how many did.</summary>
    /// <exception cref="HsmSetupException">The export does not open, a token is away, or one has another root key of that version.</exception>
    public int Import(RootKeyExport export, TransferKey transferKey)
    {
        _ = Versions();
        var lacked = 0;
        foreach (var token in _tokens) Change(token, (module, session, roots) => lacked += new RootKeyTransfer(module.Cryptoki, session, roots).Import(export, transferKey) ? 1 : 0);
        return lacked;
    }

    /// <summary>Destroys a root key in every token that holds it, so also in those that a killed run left; false if none does. What it wraps is lost.</summary>
    /// <exception cref="HsmSetupException">A token is away: nothing was destroyed.</exception>
    public bool Destroy(int version)
    {
        _ = Versions();
        var held = false;
        foreach (var token in _tokens) Change(token, (_, _, roots) => held |= roots.Destroy(version));
        return held;
    }

    private static void Change(TokenAddress token, Action<Pkcs11Module, ISession, RootKeys> change)
    {
        In(token, SessionType.ReadWrite, (module, session, roots) => { change(module, session, roots); return true; });
        // A database must never outlive the root key that it needs, and SoftHSM does not wait for the disk.
        SoftHsmToken.Flush();
    }

    private static T In<T>(TokenAddress token, SessionType type, Func<Pkcs11Module, ISession, RootKeys, T> use)
    {
        var module = Pkcs11Module.Load(token.ModulePath);
        module.EnterCall();
        try
        {
            var session = TokenLogin.Open(module, token, type);
            try
            {
                using var roots = new RootKeys(session, token.Name);
                return use(module, session, roots);
            }
            finally { TokenLogin.Close(module, token, session); }
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_TOKEN_NOT_PRESENT)
        {
            throw new HsmSetupException($"No token '{token.Name}': connect it, make it with kms-admin init-token, or correct its name in Kms:Hsm.", e);
        }
        catch (Pkcs11Exception e)
        {
            throw new HsmSetupException($"Token '{token.Name}' failed ({e.Method}: {e.RV}): look at token and module, then run this again.", e);
        }
        finally { module.ExitCall(); }
    }
}
