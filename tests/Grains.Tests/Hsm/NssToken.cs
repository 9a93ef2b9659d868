using System.Diagnostics;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>
/// NSS softokn with an empty key database of its own. It takes no C_Initialize without the string that names the database, so it is initialised here before the service loads it.
/// </summary>
public sealed unsafe class NssToken : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("kms-nss-");

    public NssToken()
    {
        Options = new HsmOptions { ModulePath = FindModule(), TokenLabel = "NSS Certificate DB", PinFile = Path.Combine(_folder.FullName, "pin") };
        SecretFile.CreatePin(Options.PinFile);
        using var certutil = Process.Start("certutil", ["-N", "-d", $"sql:{_folder.FullName}", "-f", Options.PinFile]);
        certutil.WaitForExit();
        if (certutil.ExitCode != 0) throw new InvalidOperationException("certutil made no database.");
        WithoutString = Initialise(null);
        WithString = Initialise($"configdir='sql:{_folder.FullName}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=");
    }

    /// <summary>The module and its token.</summary>
    internal HsmOptions Options { get; }

    /// <summary>The answer to C_Initialize as other modules take it.</summary>
    internal CKR WithoutString { get; }

    /// <summary>The answer to C_Initialize with NSS's own string.</summary>
    internal CKR WithString { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string FindModule() =>
        new[] { "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu" }.SelectMany(folder => new[] { $"{folder}/libsoftokn3.so", $"{folder}/nss/libsoftokn3.so" }).First(File.Exists);

    private CKR Initialise(string? library)
    {
        nint list = 0;
        var getFunctionList = (delegate* unmanaged[Cdecl]<nint*, nuint>)NativeLibrary.GetExport(NativeLibrary.Load(Options.ModulePath), "C_GetFunctionList");
        Assert.Equal(CKR.CKR_OK, (CKR)getFunctionList(&list));
        // Four mutex functions, the flags; then, where others have pReserved, NSS's string, and pReserved behind it.
        var arguments = stackalloc nint[7] { 0, 0, 0, 0, (nint)CKF.CKF_OS_LOCKING_OK, Marshal.StringToCoTaskMemUTF8(library), 0 };
        // C_Initialize is the first function, behind the version.
        var answer = (CKR)((delegate* unmanaged[Cdecl]<nint*, nuint>)((nint*)list)[1])(arguments);
        Marshal.FreeCoTaskMem(arguments[5]);
        return answer;
    }
}
