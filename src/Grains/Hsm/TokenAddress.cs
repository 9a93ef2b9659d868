using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>One token: the module that leads to it, what tells its slot from others, and the file with its user PIN.</summary>
/// <param name="ModulePath">The vendor's shared library.</param>
/// <param name="Label">The token's label; empty: any.</param>
/// <param name="Serial">The token's serial number; empty: any.</param>
/// <param name="Slot">The number of its slot, taken as it is; null: any. Numbers may change when tokens are initialised, labels and serial numbers do not.</param>
/// <param name="PinFile">Holds the user PIN.</param>
internal sealed record TokenAddress(string ModulePath, string Label, string Serial, ulong? Slot, string PinFile)
{
    /// <summary>For messages, logs and metrics: the label, or else what there is.</summary>
    public string Name => Label.Length > 0 ? Label : Serial.Length > 0 ? $"serial {Serial}" : $"slot {Slot}";

    /// <summary>True if nothing tells this token from others.</summary>
    public bool IsNameless => Label.Length == 0 && Serial.Length == 0 && Slot is null;

    /// <summary>Whether this is the token in that slot: all that is given has to fit.</summary>
    public bool Fits(ulong slot, ITokenInfo token) =>
        (Slot is null || Slot == slot) && (Label.Length == 0 || token.Label.TrimEnd() == Label) && (Serial.Length == 0 || token.SerialNumber.Trim() == Serial);

    /// <summary>Whether both name a token in the same words.</summary>
    public bool SameToken(TokenAddress other) => Path.GetFullPath(ModulePath) == Path.GetFullPath(other.ModulePath) &&
        ((Label.Length > 0 && Label == other.Label && (Serial == other.Serial || Serial.Length == 0 || other.Serial.Length == 0) && (Slot == other.Slot || Slot is null || other.Slot is null))
        || (Serial.Length > 0 && Serial == other.Serial) || (Slot is not null && Slot == other.Slot));
}
