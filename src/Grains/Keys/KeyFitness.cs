using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using static Orleans.Kms.Grains.Keys.KeyOperation;

namespace Orleans.Kms.Grains.Keys;

/// <summary>Which operation fits which kind of key, in whatever state. It is asked before the state is.</summary>
internal static class KeyFitness
{
    /// <summary>
    /// Why <paramref name="operation"/> is never possible with such a key, or null if it is. Documented: UnsupportedOperation for symmetric cryptography with an
    /// asymmetric key, Rejected.UnsupportedOperation for rotation, versions, and asymmetric encryption with a wrong key. Which of the two the rest gets is our choice.
    /// </summary>
    public static KmsErrorCode? Refusal(KeyOperation operation, KeySpec spec, KeyUsage usage, KeyOrigin origin) => operation switch
    {
        Encrypt or Decrypt or GenerateDataKey or GenerateDataKeyWithoutPlaintext or ExportDataKey or GenerateAndExportDataKey => Unless(spec.IsSymmetric(), KmsErrorCode.UnsupportedOperation),
        ReEncrypt => Unless(usage == KeyUsage.EncryptDecrypt, KmsErrorCode.UnsupportedOperation),
        GetParametersForImport or ImportKeyMaterial or DeleteKeyMaterial => Unless(origin == KeyOrigin.External, KmsErrorCode.UnsupportedOrigin),
        UpdateRotationPolicy => Unless(spec.IsSymmetric() && origin == KeyOrigin.Kms, KmsErrorCode.RejectedUnsupportedOperation),
        CreateKeyVersion => Unless(!spec.IsSymmetric(), KmsErrorCode.RejectedUnsupportedOperation),
        GetPublicKey => Unless(!spec.IsSymmetric(), KmsErrorCode.UnsupportedOperation),
        AsymmetricSign or AsymmetricVerify => Unless(!spec.IsSymmetric() && usage == KeyUsage.SignVerify, KmsErrorCode.UnsupportedOperation),
        AsymmetricEncrypt or AsymmetricDecrypt => Unless(!spec.IsSymmetric() && usage == KeyUsage.EncryptDecrypt, KmsErrorCode.RejectedUnsupportedOperation),
        _ => null,
    };

    private static KmsErrorCode? Unless(bool fits, KmsErrorCode code) => fits ? null : code;
}
