using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class TokenFaultsTests
{
    private static readonly CKR[] Faults =
    [
        CKR.CKR_SESSION_HANDLE_INVALID, CKR.CKR_SESSION_CLOSED, CKR.CKR_SESSION_COUNT, CKR.CKR_DEVICE_ERROR, CKR.CKR_DEVICE_MEMORY,
        CKR.CKR_DEVICE_REMOVED, CKR.CKR_HOST_MEMORY, CKR.CKR_TOKEN_NOT_PRESENT, CKR.CKR_TOKEN_NOT_RECOGNIZED, CKR.CKR_SLOT_ID_INVALID,
        CKR.CKR_USER_NOT_LOGGED_IN, CKR.CKR_OBJECT_HANDLE_INVALID, CKR.CKR_KEY_HANDLE_INVALID, CKR.CKR_WRAPPING_KEY_HANDLE_INVALID,
        CKR.CKR_UNWRAPPING_KEY_HANDLE_INVALID, CKR.CKR_OPERATION_ACTIVE, CKR.CKR_OPERATION_NOT_INITIALIZED, CKR.CKR_CRYPTOKI_NOT_INITIALIZED,
        CKR.CKR_FUNCTION_FAILED, CKR.CKR_FUNCTION_CANCELED, CKR.CKR_GENERAL_ERROR,
    ];

    [Fact]
    public void Exactly_the_listed_codes_are_faults() =>
        Assert.Equal(Faults.Order(), Enum.GetValues<CKR>().Where(TokenFaults.IsFault).Distinct().Order());

    [Fact]
    public void Refused_pins_and_bad_data_are_never_retried() =>
        Assert.DoesNotContain(Enum.GetValues<CKR>(), code => TokenFaults.IsFault(code) && (TokenFaults.IsRefusedPin(code) || TokenFaults.IsBadData(code)));

    [Fact]
    public void What_needs_a_restart_or_proof_is_a_fault() =>
        Assert.All(Enum.GetValues<CKR>().Where(code => TokenFaults.NeedsRestart(code) || TokenFaults.IsAmbiguous(code)), code => Assert.True(TokenFaults.IsFault(code)));

    [Theory, InlineData(CKR.CKR_PIN_INCORRECT), InlineData(CKR.CKR_PIN_LOCKED)]
    public void Wrong_and_locked_pins_are_refusals(CKR code) => Assert.True(TokenFaults.IsRefusedPin(code));
}
