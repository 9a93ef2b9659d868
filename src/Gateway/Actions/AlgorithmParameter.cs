using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Parameters of asymmetric cryptography.</summary>
internal static class AlgorithmParameter
{
    private const int MaxCiphertextBytes = AsymmetricAlgorithms.MaxSm2PlaintextBytes + AsymmetricAlgorithms.Sm2CiphertextOverhead;

    /// <summary>The signature algorithm that the parameter <c>Algorithm</c> names.</summary>
    public static SigningAlgorithm Signing(ActionCall call) => ApiNames.Parse(call.Required("Algorithm"), "Algorithm", SigningAlgorithm.EcdsaSha256, ApiNames.ApiName);

    /// <summary>The encryption algorithm that a required parameter names.</summary>
    public static EncryptionAlgorithm Encryption(ActionCall call, string parameter = "Algorithm") =>
        ApiNames.Parse(call.Required(parameter), parameter, EncryptionAlgorithm.RsaesOaepSha256, ApiNames.ApiName);

    /// <summary>The output of such an algorithm.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.MissingParameter"/>; <see cref="KmsException.BadCiphertext"/>.</exception>
    public static byte[] Ciphertext(ActionCall call) => call.RequiredBase64("CiphertextBlob", MaxCiphertextBytes);
}
