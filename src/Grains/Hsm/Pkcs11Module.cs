using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>A vendor's PKCS#11 library, loaded once per process and never unloaded: its state belongs to the process.</summary>
internal sealed class Pkcs11Module
{
    private static readonly ConcurrentDictionary<string, Lazy<Pkcs11Module>> Loaded = new();
    private readonly IPkcs11Library _library;

    static Pkcs11Module() => NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, ResolveLibdl);

    private Pkcs11Module(string path)
    {
        try
        {
            // With OS locking: several lanes, several threads. Without it SoftHSM crashes the process.
            _library = Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, path, AppType.MultiThreaded);
        }
        catch (UnmanagedException e)
        {
            throw new HsmSetupException($"{path} cannot be loaded as a PKCS#11 module ({e.Message}); install it, or name another one in Kms:Hsm:ModulePath.");
        }
        catch (Pkcs11Exception e)
        {
            throw new HsmSetupException($"The PKCS#11 module {path} does not start ({e.RV}); check its configuration.");
        }
    }

    /// <summary>What makes attributes and mechanisms.</summary>
    public static Pkcs11InteropFactories Factories { get; } = new();

    /// <summary>The module at that path.</summary>
    /// <exception cref="HsmSetupException">It cannot be loaded.</exception>
    public static Pkcs11Module Load(string path) => Loaded.GetOrAdd(path, static p => new(() => new Pkcs11Module(p))).Value;

    /// <summary>The slot that holds the token of that label, or null.</summary>
    public ISlot? FindSlot(string label)
    {
        foreach (var slot in _library.GetSlotList(SlotsType.WithTokenPresent))
        {
            if (slot.GetTokenInfo() is { TokenFlags.TokenInitialized: true } token && token.Label == label) return slot;
        }
        return null;
    }

    /// <summary>A slot whose token is not initialised yet, or null.</summary>
    public ISlot? FindFreeSlot()
    {
        foreach (var slot in _library.GetSlotList(SlotsType.WithTokenPresent))
        {
            if (!slot.GetTokenInfo().TokenFlags.TokenInitialized) return slot;
        }
        return null;
    }

    // Pkcs11Interop asks for "libdl"; current Linux systems have it under its version only.
    private static IntPtr ResolveLibdl(string name, Assembly assembly, DllImportSearchPath? path) => name == "libdl" ? NativeLibrary.Load("libdl.so.2") : IntPtr.Zero;
}
