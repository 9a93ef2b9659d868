using System.Runtime.InteropServices;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// The token of the embedded shape: SoftHSM2 with its files in a folder of ours. Everything goes through PKCS#11, so no PIN is ever an argument of
/// another program. May be killed at any step and run again: <c>softhsm2.conf</c> appears when the token is complete, and what an interrupted run left
/// is put aside. That must happen before SoftHSM starts: two half made tokens without serial numbers make it abort the process.
/// </summary>
internal static partial class SoftHsmToken
{
    /// <summary>The user PIN's file in the folder: <see cref="HsmOptions.PinFile"/> of the embedded shape.</summary>
    public const string UserPinFile = "user.pin";

    private const string OfficerPinFile = "so.pin";
    private const string Configuration = "softhsm2.conf";
    private const string Unfinished = ".unfinished";

    /// <summary>Points SoftHSM at <paramref name="folder"/> and makes the token if it is absent. SoftHSM takes one folder per process: the first.</summary>
    /// <param name="folder">Made if absent; closed to other users.</param>
    /// <param name="options">Module and label; the PIN file is set to the folder's.</param>
    /// <param name="databaseHasServiceKey">If so a token must exist: a new one could not open what the database holds.</param>
    /// <exception cref="HsmSetupException">Token or PIN are missing although needed, or the token cannot be completed.</exception>
    public static void Prepare(string folder, HsmOptions options, bool databaseHasServiceKey)
    {
        if (folder.AsSpan().IndexOfAny("#=\r\n") >= 0) throw new HsmSetupException($"SoftHSM cannot use '{folder}', whose path has a '#' or '=' in it: give another data folder.");
        // Fails if this user may not look into it: that must not pass for an empty folder.
        if (Directory.Exists(folder)) _ = Directory.GetFileSystemEntries(folder);
        options.PinFile = Path.Combine(folder, UserPinFile);
        var token = options.Addresses.Single();
        var isNew = !File.Exists(Path.Combine(folder, Configuration));
        if (isNew && databaseHasServiceKey) throw Missing(folder, options.TokenLabel);
        if (isNew) Clear(folder);
        var configuration = Path.Combine(folder, Configuration);
        Configure(folder, isNew ? configuration + Unfinished : configuration);
        var module = Pkcs11Module.Load(options.ModulePath);
        var slot = module.FindSlot(token);
        if (slot?.GetTokenInfo().TokenFlags.UserPinInitialized != true)
        {
            if (databaseHasServiceKey) throw Missing(folder, options.TokenLabel);
            Complete(slot ?? Initialise(module, folder, token), folder, options.TokenLabel);
        }
        // Also the name that SoftHSM reads when it is restarted.
        Configure(folder, configuration);
        File.Delete(configuration + Unfinished);
    }

    // No key was ever made in these tokens. They are put aside, not deleted, in case they are somebody's backup in the wrong place.
    private static void Clear(string folder)
    {
        SecretFile.CreateFolder(folder);
        var tokens = Path.Combine(folder, "tokens");
        if (Directory.Exists(tokens)) Directory.Move(tokens, $"{tokens}{Unfinished}-{Guid.NewGuid():N}");
    }

    private static void Configure(string folder, string configuration)
    {
        var tokens = Path.Combine(folder, "tokens");
        SecretFile.CreateFolder(tokens);
        var content = Encoding.UTF8.GetBytes($"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        if (!File.Exists(configuration) || !File.ReadAllBytes(configuration).AsSpan().SequenceEqual(content)) SecretFile.Write(configuration, content);
        // Environment.SetEnvironmentVariable changes a copy that native code never sees.
        if (SetEnvironment("SOFTHSM2_CONF", configuration, overwrite: 1) != 0) throw new HsmSetupException("SOFTHSM2_CONF cannot be set for the SoftHSM module.");
    }

    private static ISlot Initialise(Pkcs11Module module, string folder, TokenAddress token)
    {
        var slot = module.FindBlankSlot() ?? throw new HsmSetupException("The PKCS#11 module has no blank slot for a new token: is it SoftHSM2?");
        SecretFile.CreatePin(Path.Combine(folder, OfficerPinFile));
        SecretFile.CreatePin(Path.Combine(folder, UserPinFile));
        NewToken.Initialise(slot, token.Label, Path.Combine(folder, OfficerPinFile));
        return module.FindSlot(token) ?? throw new HsmSetupException($"Token '{token.Label}' vanished after its initialisation: look at the folder '{folder}'.");
    }

    private static void Complete(ISlot slot, string folder, string label)
    {
        try
        {
            NewToken.SetPin(slot, Path.Combine(folder, OfficerPinFile), Path.Combine(folder, UserPinFile));
        }
        catch (Pkcs11Exception e)
        {
            throw new HsmSetupException(
                $"Token '{label}' has no user PIN and cannot get one ({e.RV}): it holds no keys yet, so remove '{folder}' and start again.", e);
        }
    }

    private static HsmSetupException Missing(string folder, string label) => new(
        $"The database has keys, but no complete token '{label}' is in '{folder}': restore the folder from its backup, " +
        "or set Kms:RootKeyFile if the keys were made with a root key file.");

    /// <summary>Waits until all files are on disk. SoftHSM does not do so itself, and a database must never outlive the root key that it needs.</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void Flush();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
