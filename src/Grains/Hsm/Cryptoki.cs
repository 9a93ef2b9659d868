using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>The two PKCS#11 calls that the interop library ties to loading and unloading a module.</summary>
internal static unsafe class Cryptoki
{
    /// <summary>Ends and starts a loaded module. Every session and handle of the process is dead afterwards, and its number may be given out anew.</summary>
    /// <exception cref="Pkcs11Exception">The module did not start; it may be tried again.</exception>
    public static void Restart(string modulePath)
    {
        // Already loaded: this only counts one more user of the handle, which is given back below.
        var module = NativeLibrary.Load(modulePath);
        try
        {
            Check("C_Finalize", ((delegate* unmanaged[Cdecl]<nint, nuint>)NativeLibrary.GetExport(module, "C_Finalize"))(0), CKR.CKR_CRYPTOKI_NOT_INITIALIZED);
            var arguments = new InitializeArguments { Flags = CKF.CKF_OS_LOCKING_OK };
            Check("C_Initialize", ((delegate* unmanaged[Cdecl]<InitializeArguments*, nuint>)NativeLibrary.GetExport(module, "C_Initialize"))(&arguments));
        }
        finally
        {
            NativeLibrary.Free(module);
        }
    }

    private static void Check(string method, nuint result, CKR accepted = CKR.CKR_OK)
    {
        if ((CKR)result != CKR.CKR_OK && (CKR)result != accepted) throw new Pkcs11Exception(method, (CKR)result);
    }

    // CK_C_INITIALIZE_ARGS on Unix: four mutex functions, which we leave to the module, flags, a reserved pointer.
    [StructLayout(LayoutKind.Sequential)]
    private struct InitializeArguments
    {
        public nint CreateMutex, DestroyMutex, LockMutex, UnlockMutex;
        public nuint Flags;
        public nint Reserved;
    }
}
