using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>What the creator of a CMK chooses.</summary>
/// <param name="Spec">The kind of key.</param>
/// <param name="Usage">What it is for; must fit the spec.</param>
/// <param name="Origin">Who makes the material.</param>
/// <param name="ProtectionLevel">Where the material may exist in plaintext.</param>
/// <param name="Description">0 to <see cref="MaxDescriptionLength"/> characters.</param>
[GenerateSerializer, Immutable, Alias("kms.key-settings")]
public sealed record KeySettings(
    [property: Id(0)] KeySpec Spec,
    [property: Id(1)] KeyUsage Usage,
    [property: Id(2)] KeyOrigin Origin,
    [property: Id(3)] ProtectionLevel ProtectionLevel,
    [property: Id(4)] string Description)
{
    /// <summary>The longest description, in characters.</summary>
    public const int MaxDescriptionLength = 8192;

    /// <summary>Refuses what no key can be.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.InvalidParameter"/> or <see cref="KmsErrorCode.UnsupportedOperation"/>.
    /// </exception>
    public KeySettings Checked()
    {
        if (Description is null || Description.Length > MaxDescriptionLength) throw KmsException.InvalidParameter("Description");
        if (!Enum.IsDefined(Spec)) throw KmsException.InvalidParameter("KeySpec");
        if (!Enum.IsDefined(ProtectionLevel)) throw KmsException.InvalidParameter("ProtectionLevel");
        if (Usage != KeyUsage.EncryptDecrypt || Origin != KeyOrigin.Kms) throw new KmsException(KmsErrorCode.UnsupportedOperation);
        return this;
    }
}
