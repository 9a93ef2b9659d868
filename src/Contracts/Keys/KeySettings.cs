using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>What the creator of a CMK chooses.</summary>
/// <param name="Spec">The kind of key.</param>
/// <param name="Usage">What it is for; must fit the spec.</param>
/// <param name="Origin">Who makes the material.</param>
/// <param name="ProtectionLevel">Where the material may exist in plaintext.</param>
/// <param name="Description">0 to <see cref="MaxDescriptionLength"/> characters.</param>
/// <param name="RotationInterval">How long after a version the next one is made, see <see cref="Keys.RotationInterval"/>; null for no automatic rotation.</param>
/// <param name="Tags">The first tags, at most <see cref="Tag.MaxPerCall"/>; null for none.</param>
[GenerateSerializer, Immutable, Alias("kms.key-settings")]
public sealed record KeySettings(
    [property: Id(0)] KeySpec Spec,
    [property: Id(1)] KeyUsage Usage,
    [property: Id(2)] KeyOrigin Origin,
    [property: Id(3)] ProtectionLevel ProtectionLevel,
    [property: Id(4)] string Description,
    [property: Id(5)] TimeSpan? RotationInterval = null,
    [property: Id(6)] Tag[]? Tags = null)
{
    /// <summary>The longest description, in characters.</summary>
    public const int MaxDescriptionLength = 8192;

    /// <summary>Refuses what no key can be.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.InvalidParameter"/>; <see cref="KmsErrorCode.UnsupportedOperation"/> for a usage or origin that does not fit the spec;
    /// <see cref="KmsErrorCode.RejectedUnsupportedOperation"/> for automatic rotation of an asymmetric or imported CMK.
    /// </exception>
    public KeySettings Checked()
    {
        CheckDescription(Description);
        if (!Enum.IsDefined(Spec)) throw KmsException.InvalidParameter("KeySpec");
        if (!Enum.IsDefined(Usage)) throw KmsException.InvalidParameter("KeyUsage");
        if (!Enum.IsDefined(ProtectionLevel)) throw KmsException.InvalidParameter("ProtectionLevel");
        if (!Spec.Allows(Usage)) throw Unsupported($"KeyUsage {Usage.ApiName()} does not go with KeySpec {Spec.ApiName()}.");
        if (!Enum.IsDefined(Origin)) throw KmsException.InvalidParameter("Origin");
        if (Origin == KeyOrigin.External && !Spec.IsSymmetric()) throw Unsupported($"Key material of your own cannot be imported into KeySpec {Spec.ApiName()}.");
        if (RotationInterval is { } interval)
        {
            Keys.RotationInterval.Check(interval);
            if (!Spec.IsSymmetric() || Origin == KeyOrigin.External) throw new KmsException(KmsErrorCode.RejectedUnsupportedOperation);
        }
        Tag.CheckAll(Tags ?? []);
        return this;
    }

    /// <summary>The state of a new CMK: one of origin EXTERNAL waits for its material.</summary>
    public KeyState FirstState() => Origin == KeyOrigin.External ? KeyState.PendingImport : KeyState.Enabled;

    private static KmsException Unsupported(string why) => new(KmsErrorCode.UnsupportedOperation, $"{KmsErrorCode.UnsupportedOperation.StandardMessage()} {why}");

    /// <summary>Refuses a description that is absent or too long.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>.</exception>
    public static void CheckDescription(string description)
    {
        if (description is null || description.Length > MaxDescriptionLength) throw KmsException.InvalidParameter("Description");
    }
}
