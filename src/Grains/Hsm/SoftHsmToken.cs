using System.ComponentModel;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// A SoftHSM2 token of the service's own in a folder: configuration, token, PINs. Setting it up can be interrupted at any step and repeated. It is set up through PKCS#11, so
/// that no PIN shows in the arguments of a tool.
/// </summary>
internal static partial class SoftHsmToken
{
    private const string Label = "orleans-kms";

    /// <summary>Sees to it that the token is there, and tells how to use it.</summary>
    /// <param name="options">Names the module; the rest is filled in here unless it names another token.</param>
    /// <param name="folder">The token's folder.</param>
    /// <param name="inUse">Whether keys depend on the token already: then a missing one is never replaced.</param>
    /// <exception cref="HsmSetupException">The token is missing or does not fit.</exception>
    public static void Ensure(HsmOptions options, string folder, bool inUse)
    {
        options.TokenLabel = Label;
        options.PinFile = Path.Combine(folder, "pin");
        var soPinFile = Path.Combine(folder, "so-pin");
        if (inUse && !(File.Exists(options.PinFile) && Directory.Exists(Path.Combine(folder, "tokens"))))
        {
            throw new HsmSetupException($"{folder} lacks the token or its PIN, and the keys of this database need them; restore the folder from a backup.");
        }
        Configure(folder);
        PinFile.Ensure(options.PinFile);
        PinFile.Ensure(soPinFile);
        var module = Pkcs11Module.Load(options.ModulePath);
        if (module.FindSlot(Label) is null && inUse)
        {
            throw new HsmSetupException($"{folder} holds no token labelled {Label}, and the keys of this database need it; restore the folder from a backup.");
        }
        var slot = module.FindSlot(Label) ?? Initialize(module, soPinFile);
        if (!slot.GetTokenInfo().TokenFlags.UserPinInitialized) SetUserPin(slot, soPinFile, options.PinFile);
    }

    // The module reads its configuration from the file that this variable names, when it is loaded. The runtime keeps a copy of the environment of its own,
    // which native code does not see.
    private static void Configure(string folder)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var tokens = Path.Combine(folder, "tokens");
        Directory.CreateDirectory(folder, OwnerOnly);
        Directory.CreateDirectory(tokens, OwnerOnly);
        var configuration = Path.Combine(folder, "softhsm2.conf");
        File.WriteAllText(configuration, $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
        if (SetEnvironment("SOFTHSM2_CONF", configuration, 1) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private static ISlot Initialize(Pkcs11Module module, string soPinFile)
    {
        var free = module.FindFreeSlot() ?? throw new HsmSetupException("The PKCS#11 module has no free slot; check that it is SoftHSM2, or prepare a token and name it in Kms:Hsm.");
        PinFile.Use(soPinFile, pin => free.InitToken(ConvertUtils.BytesToUtf8String(pin), Label));
        return module.FindSlot(Label) ?? throw new HsmSetupException("The token was initialized but does not show; start again.");
    }

    private static void SetUserPin(ISlot slot, string soPinFile, string pinFile)
    {
        using var session = slot.OpenSession(SessionType.ReadWrite);
        PinFile.Use(soPinFile, pin => session.Login(CKU.CKU_SO, pin));
        PinFile.Use(pinFile, session.InitPin);
        session.Logout();
    }

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
