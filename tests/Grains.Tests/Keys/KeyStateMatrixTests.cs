using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Keys;

public sealed class KeyStateMatrixTests
{
    // The documented matrix, cell by cell: a refusal's code, or null where the operation is allowed.
    [Theory]
    [InlineData("Describe", null, null, null, null)]
    [InlineData("Enable", null, null, KmsErrorCode.StateModificationFailed, KmsErrorCode.StateModificationFailed)]
    [InlineData("Disable", null, null, KmsErrorCode.StateModificationFailed, KmsErrorCode.StateModificationFailed)]
    [InlineData("Cryptography", null, KmsErrorCode.KeyDisabled, KmsErrorCode.KeyPendingDeletion, KmsErrorCode.KeyPendingImport)]
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
    public void Every_operation_has_a_row() => Assert.Equal(["Describe", "Enable", "Disable", "Cryptography"], Enum.GetNames<KeyOperation>());
}
