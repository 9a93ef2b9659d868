using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// PKCS#11 calls by the module's own function pointers: those that the interop library ties to loading a module, and those in which it would call twice, allocate, and leave
/// a copy of what was decrypted. Takes handles from the interop library's objects. The structs are those of 64-bit Linux: an unsigned long has 8 bytes, nothing is packed.
/// </summary>
internal sealed unsafe class Cryptoki
{
    // The pointers of CK_FUNCTION_LIST, which follow a version that is padded to 8 bytes.
    private readonly nint* _functions;

    /// <summary>Of a module that is loaded already.</summary>
    public Cryptoki(string modulePath)
    {
        // Counts one more user of the handle, for ever: as modules are never unloaded.
        var module = NativeLibrary.Load(modulePath);
        nint list = 0;
        // The one function that every module has to export by name.
        Check("C_GetFunctionList", ((delegate* unmanaged[Cdecl]<nint*, nuint>)NativeLibrary.GetExport(module, "C_GetFunctionList"))(&list));
        _functions = (nint*)list + 1;
    }

    // Places in CK_FUNCTION_LIST of PKCS#11 2.x; 3.0 keeps them.
    private enum Function
    {
        C_Initialize = 0, C_Finalize = 1,
        C_EncryptInit = 29, C_Encrypt = 30,
        C_DecryptInit = 33, C_Decrypt = 34,
        C_SignInit = 42, C_Sign = 43,
    }

    /// <summary>Ends and starts the module. Every session and handle of the process is dead afterwards, and its number may be given out anew.</summary>
    /// <exception cref="Pkcs11Exception">The module did not start; it may be tried again.</exception>
    public void Restart()
    {
        Check("C_Finalize", ((delegate* unmanaged[Cdecl]<nint, nuint>)_functions[(int)Function.C_Finalize])(0), CKR.CKR_CRYPTOKI_NOT_INITIALIZED);
        var arguments = new InitializeArguments { Flags = CKF.CKF_OS_LOCKING_OK };
        Check("C_Initialize", ((delegate* unmanaged[Cdecl]<InitializeArguments*, nuint>)_functions[(int)Function.C_Initialize])(&arguments));
    }

    /// <summary>Encrypts <paramref name="input"/> in one go and gives the length of the output, which has to have enough room for it.</summary>
    /// <exception cref="Pkcs11Exception">The token's answer.</exception>
    public int Encrypt(ISession session, IObjectHandle key, Mechanism mechanism, ReadOnlySpan<byte> input, Span<byte> output) =>
        Run(Function.C_EncryptInit, Function.C_Encrypt, session, key, mechanism, input, output);

    /// <inheritdoc cref="Encrypt"/>
    public int Decrypt(ISession session, IObjectHandle key, Mechanism mechanism, ReadOnlySpan<byte> input, Span<byte> output) =>
        Run(Function.C_DecryptInit, Function.C_Decrypt, session, key, mechanism, input, output);

    /// <inheritdoc cref="Encrypt"/>
    public int Sign(ISession session, IObjectHandle key, Mechanism mechanism, ReadOnlySpan<byte> input, Span<byte> output) =>
        Run(Function.C_SignInit, Function.C_Sign, session, key, mechanism, input, output);

    private int Run(Function begin, Function run, ISession session, IObjectHandle key, Mechanism mechanism, ReadOnlySpan<byte> input, Span<byte> output)
    {
        var handle = (nuint)session.SessionId;
        Check(begin, ((delegate* unmanaged[Cdecl]<nuint, Mechanism*, nuint, nuint>)_functions[(int)begin])(handle, &mechanism, (nuint)key.ObjectId));
        var length = (nuint)output.Length;
        fixed (byte* from = input, to = output)
        {
            // An empty span has no address, and modules take a null output for a question about its length.
            byte nothing = 0;
            Check(run, ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)_functions[(int)run])(
                handle, from is null ? &nothing : from, (nuint)input.Length, to is null ? &nothing : to, &length));
        }
        // More than there is room for: the module has written past the end, or lies.
        return length <= (nuint)output.Length ? (int)length : throw new Pkcs11Exception(run.ToString(), CKR.CKR_DEVICE_ERROR);
    }

    private static void Check(Function function, nuint result)
    {
        if ((CKR)result != CKR.CKR_OK) throw new Pkcs11Exception(function.ToString(), (CKR)result);
    }

    private static void Check(string method, nuint result, CKR accepted = CKR.CKR_OK)
    {
        if ((CKR)result != CKR.CKR_OK && (CKR)result != accepted) throw new Pkcs11Exception(method, (CKR)result);
    }

    /// <summary>CK_MECHANISM. Whoever makes one keeps the parameter in place until the call has ended.</summary>
    public readonly struct Mechanism(CKM type, void* parameter, int length)
    {
        private readonly nuint _type = (nuint)type;
        private readonly void* _parameter = parameter;
        private readonly nuint _length = (nuint)length;
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
