using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo.Embedded;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Makes a token.</summary>
internal static class InitToken
{
    public static AdminCommand Command { get; } = new(
        "init-token", "initializes a token: one of your own with --label, otherwise the SoftHSM2 token of the data folder",
        [
            new("--module", "PATH", "the PKCS#11 module; Kms:Hsm:ModulePath if not given"),
            new("--label", "L", "the token's label, up to 32 characters"),
            new("--pin-file", "F", "file with the user PIN; made with a random one if it is not there"),
            new("--so-pin-file", "F", "file with the security officer's PIN; likewise"),
            new("--slot", "N", "the slot; the first with a blank token if not given"),
            AdminOption.Confirm,
        ],
        Run);

    private static Task<int> Run(AdminContext context)
    {
        if (context.Arguments.Has("--label")) MakeOwn(context);
        else MakeEmbedded(context);
        return Task.FromResult(0);
    }

    private static void MakeOwn(AdminContext context)
    {
        var arguments = context.Arguments;
        var label = arguments.Text("--label");
        if (System.Text.Encoding.UTF8.GetByteCount(label) > 32) throw new UsageException("--label has at most 32 bytes.");
        var (pinFile, officerPinFile) = (arguments.Text("--pin-file"), arguments.Text("--so-pin-file"));
        var module = Pkcs11Module.Load(arguments.Find("--module") ?? context.Settings.Hsm.ModulePath);
        var slot = arguments.Has("--slot")
            ? module.Slot((ulong)arguments.Number("--slot", 0, int.MaxValue)) ?? throw new HsmSetupException($"There is no token in slot {arguments.Text("--slot")}.")
            : module.FindBlankSlot() ?? throw new HsmSetupException("No slot has a blank token; connect one, or name the slot whose token may be destroyed with --slot.");
        if (module.FindSlot(new TokenAddress("", label, "", null, pinFile)) is { } other && other.SlotId != slot.SlotId) throw new HsmSetupException($"Another token has the label '{label}' already, in slot {other.SlotId}; give another label.");
        var present = slot.GetTokenInfo();
        if (present.TokenFlags.TokenInitialized)
        {
            var name = present.Label.TrimEnd();
            context.Confirm(name, $"The token '{name}' in slot {slot.SlotId} is initialized: its keys would be destroyed, and what they wrap lost.");
        }
        SecretFile.CreatePin(officerPinFile);
        SecretFile.CreatePin(pinFile);
        NewToken.Initialise(slot, label, officerPinFile);
        var made = module.FindSlot(new TokenAddress("", label, "", null, pinFile)) ?? throw new HsmSetupException($"Token '{label}' vanished after its initialization: look at the module.");
        NewToken.SetPin(made, officerPinFile, pinFile);
        SoftHsmToken.Flush();
        // Not its slot: SoftHSM gives it another number from the next process on.
        context.Say($"Token '{label}' is ready, serial {made.GetTokenInfo().SerialNumber.Trim()}. To use it, set Kms:Hsm:TokenLabel to {label} and Kms:Hsm:PinFile to {Path.GetFullPath(pinFile)}.");
        context.Say($"Keep {Path.GetFullPath(officerPinFile)} apart from the service: it initializes the token anew.");
    }

    private static void MakeEmbedded(AdminContext context)
    {
        var path = Path.GetFullPath(context.Arguments.DataFolder);
        using var folder = DataFolder.Open(path);
        if (File.Exists(folder.Kms.Path)) FolderChange.RequireOwner(folder);
        var options = context.Settings.Hsm;
        if (!context.UsesFolderToken) throw new UsageException("the settings name a token of your own; give --label, --pin-file and --so-pin-file.");
        options.TokenLabel = EmbeddedSetup.TokenLabel;
        if (Directory.Exists(folder.Hsm) && Directory.EnumerateFileSystemEntries(folder.Hsm).Any()) throw new HsmSetupException($"{folder.Hsm} is not empty: a token in use is never made anew.");
        SoftHsmToken.Prepare(folder.Hsm, options, databaseHasServiceKey: false);
        SoftHsmToken.Flush();
        context.Say($"Token '{options.TokenLabel}' is ready in {folder.Hsm}. It holds no root key yet.");
    }
}
