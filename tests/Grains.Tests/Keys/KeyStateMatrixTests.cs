using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Keys;

public sealed class KeyStateMatrixTests
{
    private const KmsErrorCode D = KmsErrorCode.KeyDisabled;
    private const KmsErrorCode P = KmsErrorCode.KeyPendingDeletion;
    private const KmsErrorCode I = KmsErrorCode.KeyPendingImport;
    private const KmsErrorCode M = KmsErrorCode.StateModificationFailed;

    /// <summary>The documented matrix, cell by cell: a refusal's code, or null where the operation is allowed.</summary>
    public static TheoryData<string, KmsErrorCode?, KmsErrorCode?, KmsErrorCode?, KmsErrorCode?> Rows => new()
    {
        { "DescribeKey", null, null, null, null },
        { "ListAliasesByKeyId", null, null, null, null },
        { "ListResourceTags", null, null, null, null },
        { "DescribeKeyVersion", null, null, null, null },
        { "ListKeyVersions", null, null, null, null },
        { "GetKeyPolicy", null, null, null, null },
        { "SetKeyPolicy", null, null, null, null },
        { "UpdateKeyDescription", null, null, P, null },
        { "SetDeletionProtection", null, null, P, null },
        { "TagResource", null, null, P, null },
        { "UntagResource", null, null, P, null },
        { "TagResources", null, null, P, null },
        { "UntagResources", null, null, P, null },
        { "EnableKey", null, null, M, M },
        { "DisableKey", null, null, M, M },
        { "ScheduleKeyDeletion", null, null, M, null },
        { "CancelKeyDeletion", M, M, null, M },
        { "GetParametersForImport", null, null, null, null },
        { "ImportKeyMaterial", null, null, M, null },
        { "DeleteKeyMaterial", null, null, null, null },
        { "CreateAlias", null, null, M, null },
        { "UpdateAlias", null, null, P, null },
        { "Encrypt", null, D, P, I },
        { "Decrypt", null, D, P, I },
        { "GenerateDataKey", null, D, P, I },
        { "GenerateDataKeyWithoutPlaintext", null, D, P, I },
        { "ReEncrypt", null, D, P, I },
        { "ExportDataKey", null, D, P, I },
        { "GenerateAndExportDataKey", null, D, P, I },
        { "CreateKeyVersion", null, D, P, I },
        { "UpdateRotationPolicy", null, D, P, I },
        { "GetPublicKey", null, D, P, I },
        { "AsymmetricSign", null, D, P, I },
        { "AsymmetricVerify", null, D, P, I },
        { "AsymmetricEncrypt", null, D, P, I },
        { "AsymmetricDecrypt", null, D, P, I },
    };

    [Theory, MemberData(nameof(Rows))]
    public void Each_cell(string operation, KmsErrorCode? enabled, KmsErrorCode? disabled, KmsErrorCode? pendingDeletion, KmsErrorCode? pendingImport)
    {
        var row = Enum.Parse<KeyOperation>(operation);
        Assert.Equal(
            [enabled, disabled, pendingDeletion, pendingImport],
            [
                KeyStateMatrix.Refusal(row, KeyState.Enabled), KeyStateMatrix.Refusal(row, KeyState.Disabled),
                KeyStateMatrix.Refusal(row, KeyState.PendingDeletion), KeyStateMatrix.Refusal(row, KeyState.PendingImport),
            ]);
    }

    [Fact]
    public void Every_operation_has_a_row() => Assert.Equal(Enum.GetNames<KeyOperation>().Order(), Rows.Select(row => (string)row[0]!).Order());

    // Symmetric, asymmetric for encryption, asymmetric for signatures, symmetric of origin EXTERNAL.
    [Theory]
    [InlineData("Encrypt", null, KmsErrorCode.UnsupportedOperation, KmsErrorCode.UnsupportedOperation, null)]
    [InlineData("Decrypt", null, KmsErrorCode.UnsupportedOperation, KmsErrorCode.UnsupportedOperation, null)]
    [InlineData("GenerateDataKey", null, KmsErrorCode.UnsupportedOperation, KmsErrorCode.UnsupportedOperation, null)]
    [InlineData("GenerateDataKeyWithoutPlaintext", null, KmsErrorCode.UnsupportedOperation, KmsErrorCode.UnsupportedOperation, null)]
    [InlineData("ExportDataKey", null, KmsErrorCode.UnsupportedOperation, KmsErrorCode.UnsupportedOperation, null)]
    [InlineData("GenerateAndExportDataKey", null, KmsErrorCode.UnsupportedOperation, KmsErrorCode.UnsupportedOperation, null)]
    [InlineData("ReEncrypt", null, null, KmsErrorCode.UnsupportedOperation, null)]
    [InlineData("UpdateRotationPolicy", null, KmsErrorCode.RejectedUnsupportedOperation, KmsErrorCode.RejectedUnsupportedOperation, KmsErrorCode.RejectedUnsupportedOperation)]
    [InlineData("CreateKeyVersion", KmsErrorCode.RejectedUnsupportedOperation, null, null, KmsErrorCode.RejectedUnsupportedOperation)]
    [InlineData("GetPublicKey", KmsErrorCode.UnsupportedOperation, null, null, KmsErrorCode.UnsupportedOperation)]
    [InlineData("AsymmetricSign", KmsErrorCode.UnsupportedOperation, KmsErrorCode.UnsupportedOperation, null, KmsErrorCode.UnsupportedOperation)]
    [InlineData("AsymmetricVerify", KmsErrorCode.UnsupportedOperation, KmsErrorCode.UnsupportedOperation, null, KmsErrorCode.UnsupportedOperation)]
    [InlineData("AsymmetricEncrypt", KmsErrorCode.RejectedUnsupportedOperation, null, KmsErrorCode.RejectedUnsupportedOperation, KmsErrorCode.RejectedUnsupportedOperation)]
    [InlineData("AsymmetricDecrypt", KmsErrorCode.RejectedUnsupportedOperation, null, KmsErrorCode.RejectedUnsupportedOperation, KmsErrorCode.RejectedUnsupportedOperation)]
    [InlineData("GetParametersForImport", KmsErrorCode.UnsupportedOrigin, KmsErrorCode.UnsupportedOrigin, KmsErrorCode.UnsupportedOrigin, null)]
    [InlineData("ImportKeyMaterial", KmsErrorCode.UnsupportedOrigin, KmsErrorCode.UnsupportedOrigin, KmsErrorCode.UnsupportedOrigin, null)]
    [InlineData("DeleteKeyMaterial", KmsErrorCode.UnsupportedOrigin, KmsErrorCode.UnsupportedOrigin, KmsErrorCode.UnsupportedOrigin, null)]
    [InlineData("TagResource", null, null, null, null)]
    [InlineData("ScheduleKeyDeletion", null, null, null, null)]
    public void Each_kind_of_key(string operation, KmsErrorCode? symmetric, KmsErrorCode? decrypting, KmsErrorCode? signing, KmsErrorCode? external)
    {
        var row = Enum.Parse<KeyOperation>(operation);
        Assert.Equal(
            [symmetric, decrypting, signing, external],
            [
                KeyFitness.Refusal(row, KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms), KeyFitness.Refusal(row, KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, KeyOrigin.Kms),
                KeyFitness.Refusal(row, KeySpec.Rsa2048, KeyUsage.SignVerify, KeyOrigin.Kms), KeyFitness.Refusal(row, KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.External),
            ]);
    }
}
