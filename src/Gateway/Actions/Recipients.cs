using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>The public key to which a data key is exported.</summary>
internal static class Recipients
{
    private const int MaxPublicKeyBytes = 1024;

    /// <summary>The key of <c>PublicKeyBlob</c>, <c>WrappingKeySpec</c> and <c>WrappingAlgorithm</c>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.MissingParameter"/>; <see cref="KmsErrorCode.InvalidParameter"/>. Whether the key is one its grain looks.</exception>
    public static WrappingPublicKey Read(ActionCall call)
    {
        var spec = ApiNames.Parse(call.Required("WrappingKeySpec"), "WrappingKeySpec", KeySpec.Rsa2048, ApiNames.ApiName);
        return new(spec, AlgorithmParameter.Encryption(call, "WrappingAlgorithm"), call.RequiredBase64("PublicKeyBlob", MaxPublicKeyBytes));
    }
}
