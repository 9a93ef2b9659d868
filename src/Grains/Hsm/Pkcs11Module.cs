using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// A PKCS#11 library, loaded and initialised once per process and never unloaded: C_Initialize and C_Finalize count for the whole process,
/// so unloading would pull the token from under every other user of it. Several modules live side by side, each with restarts of its own. Safe to use from all threads,
/// between <see cref="EnterCall"/> and <see cref="ExitCall"/> once lanes run.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Lives as long as the process.")]
internal sealed class Pkcs11Module
{
    private static readonly ConcurrentDictionary<string, Lazy<Pkcs11Module>> Loaded = new();

    private static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(1);

    private readonly ReaderWriterLockSlim _restartLock = new();
    private readonly IPkcs11Library _library;
    private volatile int _generation;
    private DateTimeOffset _restartedAt;

    // Only one resolver may be set per assembly, for ever: hence here.
    static Pkcs11Module() => NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, ResolveLibdl);

    private Pkcs11Module(string path)
    {
        // Without OS locking a second thread crashes SoftHSM.
        _library = Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, path, AppType.MultiThreaded);
        Cryptoki = new Cryptoki(path);
    }

    /// <summary>Makes the objects that calls need; of the struct layout that fits the platform.</summary>
    public static Pkcs11InteropFactories Factories { get; } = new();

    /// <summary>Grows with each restart. Handles of an earlier generation must not be used, not even closed: their numbers may name other objects by now.</summary>
    public int Generation => _generation;

    /// <summary>PINs that a token refused.</summary>
    public PinGuard Pins { get; } = new();

    /// <summary>Sessions that their tokens did not close.</summary>
    public UnclosedSessions Unclosed { get; } = new();

    /// <summary>The calls that are made by function pointer.</summary>
    public Cryptoki Cryptoki { get; }

    /// <summary>Gives the module at <paramref name="path"/>. SoftHSM reads its configuration in the first call of a process.</summary>
    /// <exception cref="HsmSetupException">There is no usable module.</exception>
    public static Pkcs11Module Load(string path)
    {
        if (!File.Exists(path)) throw new HsmSetupException($"No PKCS#11 module at '{path}': install it or correct Kms:Hsm:ModulePath.");
        var loading = Loaded.GetOrAdd(Path.GetFullPath(path), static full => new Lazy<Pkcs11Module>(() => new Pkcs11Module(full)));
        try
        {
            return loading.Value;
        }
        catch (Exception e) when (e is Pkcs11Exception or UnmanagedException)
        {
            // It would keep its failure, and a device that was away comes back.
            Loaded.TryRemove(new(Path.GetFullPath(path), loading));
            throw new HsmSetupException($"'{path}' cannot be started as a PKCS#11 module ({e.Message}): check the file and its configuration.", e);
        }
    }

    /// <summary>Holds off restarts until <see cref="ExitCall"/>; on the same thread.</summary>
    public void EnterCall() => _restartLock.EnterReadLock();

    public void ExitCall() => _restartLock.ExitReadLock();

    /// <summary>
    /// Restarts the module unless somebody did since <paramref name="generation"/>: a token that was away once stays unusable for SoftHSM, and
    /// for some network HSMs, until then. Left out while a call of another lane hangs, because a restart under it would crash the process.
    /// </summary>
    /// <param name="generation">The generation that needs it.</param>
    /// <param name="now">The time.</param>
    /// <param name="rest">How long the last restart has to be ago: a restart costs the module's other tokens their sessions, too.</param>
    public void Restart(int generation, DateTimeOffset now, TimeSpan rest)
    {
        if (!_restartLock.TryEnterWriteLock(RestartWait)) return;
        try
        {
            // In whichever direction the clock was set meanwhile.
            if (generation != _generation || (now - _restartedAt).Duration() < rest) return;
            _generation++;
            _restartedAt = now;
            Cryptoki.Restart();
        }
        finally
        {
            _restartLock.ExitWriteLock();
        }
    }

    /// <summary>The slot with this token, or null. Never remembered: slots are renumbered.</summary>
    /// <exception cref="HsmSetupException">Several tokens fit.</exception>
    public ISlot? FindSlot(TokenAddress token)
    {
        var found = Tokens().Where(found => found.Token.TokenFlags.TokenInitialized && token.Fits(found.Slot!.SlotId, found.Token)).Take(2).ToArray();
        return found.Length < 2 ? found.FirstOrDefault().Slot : throw new HsmSetupException(
            $"Several tokens are named '{token.Name}': remove or rename those that do not hold the service's root key, or tell them apart by serial number or slot.");
    }

    /// <summary>The slot of that number, or null if it has no token.</summary>
    public ISlot? Slot(ulong number) => Tokens().FirstOrDefault(found => found.Slot!.SlotId == number).Slot;

    /// <summary>What the library says of itself.</summary>
    public ILibraryInfo Library => _library.GetInfo();

    /// <summary>A slot whose token is still blank, or null.</summary>
    public ISlot? FindBlankSlot() => Tokens().FirstOrDefault(found => !found.Token.TokenFlags.TokenInitialized).Slot;

    private IEnumerable<(ISlot? Slot, ITokenInfo Token)> Tokens()
    {
        foreach (var slot in _library.GetSlotList(SlotsType.WithTokenPresent))
        {
            if (TokenOf(slot) is { } token) yield return (slot, token);
        }
    }

    // A broken token in another slot must not hide ours.
    private static ITokenInfo? TokenOf(ISlot slot)
    {
        try { return slot.GetTokenInfo(); }
        catch (Pkcs11Exception e) when (TokenFaults.IsFault(e.RV)) { return null; }
    }

    // Pkcs11Interop asks for "libdl", a name that current Linux distributions no longer have.
    private static nint ResolveLibdl(string name, System.Reflection.Assembly assembly, DllImportSearchPath? search) =>
        name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out var handle) ? handle : 0;
}
