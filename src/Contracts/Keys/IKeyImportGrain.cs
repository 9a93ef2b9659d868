using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>
/// Key material of the user's own, for one CMK of origin EXTERNAL; calls on another one fail with <see cref="KmsErrorCode.UnsupportedOrigin"/>. Grain key, caller token and
/// common failures as for <see cref="IKeyGrain"/>.
/// </summary>
[Alias("kms.key-import")]
public interface IKeyImportGrain : IGrainWithStringKey
{
    /// <summary>Gives a new wrapping key and the token that goes with it. Both are good for <see cref="ImportParameters.TokenHours"/> hours, and as often as the user wants.</summary>
    /// <param name="algorithm">How the material will be encrypted; must fit the wrapping key.</param>
    /// <param name="wrappingKeySpec"><see cref="KeySpec.Rsa2048"/>, or <see cref="KeySpec.EcSm2"/> for a CMK of spec SM4.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.UnsupportedOperation"/>: level HSM, and the token cannot unwrap so.</exception>
    [Alias("get-parameters"), AlwaysInterleave, ResponseTimeout("00:00:40"), KmsAction("GetParametersForImport", ActionAccess.Read, ResourceKind.Key)]
    Task<ImportParameters> GetParameters(WrappingAlgorithm algorithm, KeySpec wrappingKeySpec);

    /// <summary>
    /// Imports the material, or the same material again: a CMK takes no other than its first. A CMK that waits for its material is enabled afterwards, any other state stays.
    /// </summary>
    /// <param name="importToken">What <see cref="GetParameters"/> gave for this CMK.</param>
    /// <param name="encryptedMaterial">32 bytes (SM4: 16), encrypted to the token's wrapping key by its algorithm.</param>
    /// <param name="expiresAt">When the material ceases to be usable (UTC, whole seconds); in the future. Null for never.</param>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.InvalidImportToken"/>; <see cref="KmsErrorCode.ExpiredImportToken"/>; <see cref="KmsErrorCode.InvalidKeyMaterial"/>, whatever is wrong with the material.
    /// </exception>
    [Alias("import"), AlwaysInterleave, KmsAction("ImportKeyMaterial", ActionAccess.Write, ResourceKind.Key)]
    Task Import([Immutable] byte[] importToken, [Immutable] byte[] encryptedMaterial, DateTimeOffset? expiresAt);

    /// <summary>
    /// Deletes the material. The CMK waits for its import then, unless it waits for its deletion; what was encrypted can be read again once the same material is imported again.
    /// Nothing changes if there is none.
    /// </summary>
    [Alias("delete-material"), KmsAction("DeleteKeyMaterial", ActionAccess.Write, ResourceKind.Key)]
    Task DeleteMaterial();
}

/// <summary>What an import takes.</summary>
/// <param name="PublicKey">The wrapping key, as SubjectPublicKeyInfo in DER.</param>
/// <param name="ImportToken">Opaque; holds the private key, sealed.</param>
/// <param name="ExpiresAt">Until when the token is taken (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.import-parameters")]
public sealed record ImportParameters([property: Id(0)] byte[] PublicKey, [property: Id(1)] byte[] ImportToken, [property: Id(2)] DateTimeOffset ExpiresAt)
{
    /// <summary>How long a token is taken, in hours.</summary>
    public const int TokenHours = 24;

    /// <summary>The longest token that is looked at, in bytes.</summary>
    public const int MaxTokenBytes = 4096;

    /// <summary>The longest encrypted material that is looked at, in bytes.</summary>
    public const int MaxEncryptedMaterialBytes = 1024;

    /// <summary>The type only: who holds a token may import.</summary>
    public override string ToString() => nameof(ImportParameters);
}
