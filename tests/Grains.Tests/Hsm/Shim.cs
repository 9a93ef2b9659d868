using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Reflection;
using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>
/// One copy of <c>tests/Shim/pkcs11-shim.c</c> in front of a copy of SoftHSM of its own: a module that fails on command. Copies are modules apart, with a state each, on the same
/// token files.
/// </summary>
internal sealed class Shim : IDisposable
{
    private const int Functions = 68;
    private const int Orders = 8;
    private const int Codes = 128;

    private static readonly Lazy<string> Compiled = new(Compile);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _control;

    public Shim(string folder)
    {
        ModulePath = Path.Combine(folder, "shim.so");
        var target = Path.Combine(folder, "softhsm.so");
        File.Copy(Compiled.Value, ModulePath);
        File.Copy(TokenFixture.ModulePath, target);
        File.WriteAllText(ModulePath + ".target", target);
        _file = MemoryMappedFile.CreateFromFile(ModulePath + ".control", FileMode.CreateNew, null, (int)Place.Orders * 8 + Orders * 24);
        _control = _file.CreateViewAccessor();
    }

    // In words of 64 bits; kept in step with the struct in pkcs11-shim.c.
    private enum Place { Seed, PerMillion, Removed, Hang, Hanging, Sessions, Objects, Faults, CodeCount, Codes, Random = Codes + 128, Calls = Random + Functions, Orders = Calls + Functions }

    public string ModulePath { get; }

    public long Sessions => Read(Place.Sessions);

    /// <summary>Objects of sessions.</summary>
    public long Objects => Read(Place.Objects);

    /// <summary>Faults that were given.</summary>
    public long Faults => Read(Place.Faults);

    /// <summary>Threads that hang now.</summary>
    public long Hanging => Read(Place.Hanging);

    public bool IsRemoved { set => Write(Place.Removed, value ? 1 : 0); }

    /// <summary>The function that hangs until this is null.</summary>
    public Pkcs11Function? Hang { set => Write(Place.Hang, value is { } function ? (long)function + 1 : 0); }

    public long Calls(Pkcs11Function function) => Read(Place.Calls, (int)function);

    /// <summary>The next calls of <paramref name="function"/> fail with <paramref name="code"/>.</summary>
    public void Order(Pkcs11Function function, CKR code, long times = 1, int order = 0)
    {
        Write(Place.Orders, (long)function + 1, order * 3);
        Write(Place.Orders, (long)(ulong)code, order * 3 + 1);
        Write(Place.Orders, times, order * 3 + 2);
    }

    /// <summary>So many of a million calls of <paramref name="functions"/> fail with one of <paramref name="codes"/>.</summary>
    public void Random(long perMillion, IReadOnlyList<CKR> codes, IEnumerable<Pkcs11Function> functions, long seed)
    {
        if (codes.Count > Codes) throw new ArgumentException("Too many codes.", nameof(codes));
        Write(Place.PerMillion, perMillion);
        Write(Place.Seed, seed);
        for (var i = 0; i < codes.Count; i++) Write(Place.Codes, (long)(ulong)codes[i], i);
        Write(Place.CodeCount, codes.Count);
        foreach (var function in functions) Write(Place.Random, 1, (int)function);
    }

    /// <summary>All is well again.</summary>
    public void Calm()
    {
        IsRemoved = false;
        Hang = null;
        Write(Place.CodeCount, 0);
        for (var i = 0; i < Functions; i++) Write(Place.Random, 0, i);
        for (var i = 0; i < Orders; i++) Order(default, CKR.CKR_OK, times: 0, order: i);
    }

    public void Dispose()
    {
        _control.Dispose();
        _file.Dispose();
    }

    private long Read(Place place, int index = 0) => Interlocked.Read(ref At(place, index));

    private void Write(Place place, long value, int index = 0) => Interlocked.Exchange(ref At(place, index), value);

    private unsafe ref long At(Place place, int index)
    {
        // The view lives as long as this.
        byte* start = null;
        _control.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _control.SafeMemoryMappedViewHandle.ReleasePointer();
        return ref *(long*)(start + _control.PointerOffset + ((int)place + index) * 8);
    }

    private static string Compile()
    {
        var root = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Root").Value!;
        var library = Path.Combine(Directory.CreateTempSubdirectory("kms-shim-").FullName, "pkcs11-shim.so");
        using var gcc = Process.Start("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, Path.Combine(root, "tests/Shim/pkcs11-shim.c"), "-ldl", "-lpthread"]);
        gcc.WaitForExit();
        return gcc.ExitCode == 0 ? library : throw new InvalidOperationException("The shim could not be compiled; see gcc's messages.");
    }
}
