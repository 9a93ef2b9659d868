using Orleans.Kms.Cluster.Tests.History;
using static Orleans.Kms.Cluster.Tests.Checking.KeyPhase;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>A CMK as one caller after the other would see it: the API's matrix of states and actions.</summary>
internal static class KeyModel
{
    private const string WrongState = "Rejected.StateModifiedFailed";
    private static readonly KeyPhase[] All = Enum.GetValues<KeyPhase>();

    /// <summary>The phase after a call that came in some phase; null if it cannot end like that there. One whose outcome is unknown is taken to have been carried out.</summary>
    public static KeyPhase? After(KeyPhase phase, Call call) => call.Outcome == Outcome.Refused ? Refused(phase, call) : Done(phase, call);

    /// <summary>Whether a call tells something of the key's phase, or changes it.</summary>
    public static bool IsAbout(Call call) => call.Outcome switch
    {
        Outcome.Done => IsCryptographic(call.Action) || IsChange(call.Action) || call.Action == "DescribeKey",
        // Without an answer nothing was seen.
        Outcome.Unknown => IsChange(call.Action),
        _ => (IsCryptographic(call.Action) || IsChange(call.Action) || call.Action == "DescribeKey")
            && call.Code is "Rejected.Disabled" or "Rejected.PendingDeletion" or "Rejected.PendingImport" or WrongState or "Forbidden.KeyNotFound",
    };

    /// <summary>Whether it is a call that only an enabled key serves.</summary>
    public static bool IsCryptographic(string action) => action is "Encrypt" or "Decrypt" or "GenerateDataKey";

    /// <summary>Whether it changes a key's phase.</summary>
    public static bool IsChange(string action) => IsEnabling(action) || IsDisabling(action);

    /// <summary>Whether a key may be enabled by it.</summary>
    public static bool IsEnabling(string action) => action is "EnableKey" or "CancelKeyDeletion" or "ImportKeyMaterial";

    /// <summary>Whether no key is enabled after it.</summary>
    public static bool IsDisabling(string action) => action is "DisableKey" or "ScheduleKeyDeletion" or "DeleteKeyMaterial";

    /// <summary>Whether a call changes the phase nowhere.</summary>
    public static bool OnlyObserves(Call call) => All.All(phase => After(phase, call) is not { } next || next == phase);

    private static KeyPhase? Done(KeyPhase phase, Call call) => (call.Action, phase) switch
    {
        ("Encrypt" or "Decrypt" or "GenerateDataKey", Enabled) => Enabled,
        ("DescribeKey", _) => call.Value == StateOf(phase) ? phase : null,
        ("EnableKey", Enabled or Disabled) => Enabled,
        ("DisableKey", Enabled or Disabled) => Disabled,
        ("ScheduleKeyDeletion", Enabled or Disabled) => PendingDeletion,
        ("ScheduleKeyDeletion", PendingImport) => PendingDeletionWithoutMaterial,
        ("CancelKeyDeletion", PendingDeletion) => Enabled,
        ("CancelKeyDeletion", PendingDeletionWithoutMaterial) => PendingImport,
        ("DeleteKeyMaterial", PendingDeletion or PendingDeletionWithoutMaterial) => PendingDeletionWithoutMaterial,
        ("DeleteKeyMaterial", _) => PendingImport,
        ("ImportKeyMaterial", Enabled or PendingImport) => Enabled,
        ("ImportKeyMaterial", Disabled) => Disabled,
        _ => null,
    };

    private static KeyPhase? Refused(KeyPhase phase, Call call)
    {
        var fits = (call.Code, phase) switch
        {
            ("Rejected.Disabled", Disabled) or ("Rejected.PendingImport", PendingImport) or ("Rejected.PendingDeletion", PendingDeletion or PendingDeletionWithoutMaterial) => true,
            // The same call would have been carried out elsewhere.
            (WrongState, _) => IsChange(call.Action) && Done(phase, call) is null,
            _ => false,
        };
        return fits ? phase : null;
    }

    private static string StateOf(KeyPhase phase) => phase == PendingDeletionWithoutMaterial ? nameof(PendingDeletion) : phase.ToString();
}
