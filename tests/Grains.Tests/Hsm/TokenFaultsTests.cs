using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class TokenFaultsTests
{
    private static readonly CKR[] Faults =
    [
        CKR.CKR_SESSION_HANDLE_INVALID, CKR.CKR_SESSION_CLOSED, CKR.CKR_SESSION_COUNT, CKR.CKR_DEVICE_ERROR, CKR.CKR_DEVICE_MEMORY,
        CKR.CKR_DEVICE_REMOVED, CKR.CKR_HOST_MEMORY, CKR.CKR_TOKEN_NOT_PRESENT, CKR.CKR_TOKEN_NOT_RECOGNIZED, CKR.CKR_SLOT_ID_INVALID,
        CKR.CKR_USER_NOT_LOGGED_IN, CKR.CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR.CKR_USER_TOO_MANY_TYPES,
        CKR.CKR_OBJECT_HANDLE_INVALID, CKR.CKR_KEY_HANDLE_INVALID, CKR.CKR_WRAPPING_KEY_HANDLE_INVALID, CKR.CKR_UNWRAPPING_KEY_HANDLE_INVALID,
        CKR.CKR_OPERATION_ACTIVE, CKR.CKR_OPERATION_NOT_INITIALIZED, CKR.CKR_BUFFER_TOO_SMALL, CKR.CKR_CRYPTOKI_NOT_INITIALIZED,
        CKR.CKR_FUNCTION_FAILED, CKR.CKR_FUNCTION_CANCELED, CKR.CKR_FUNCTION_REJECTED, CKR.CKR_CANCEL, CKR.CKR_GENERAL_ERROR,
        CKR.CKR_MUTEX_BAD, CKR.CKR_MUTEX_NOT_LOCKED, CKR.CKR_CANT_LOCK, CKR.CKR_RANDOM_NO_RNG, CKR.CKR_FIPS_SELF_TEST_FAILED, CKR.CKR_LIBRARY_LOAD_FAILED,
        CKR.CKR_VENDOR_DEFINED,
    ];

    private static readonly CKR[] BadData =
        [CKR.CKR_ENCRYPTED_DATA_INVALID, CKR.CKR_ENCRYPTED_DATA_LEN_RANGE, CKR.CKR_WRAPPED_KEY_INVALID, CKR.CKR_WRAPPED_KEY_LEN_RANGE];

    private static readonly CKR[] RefusedPins =
        [CKR.CKR_PIN_INCORRECT, CKR.CKR_PIN_INVALID, CKR.CKR_PIN_LEN_RANGE, CKR.CKR_PIN_LOCKED, CKR.CKR_PIN_EXPIRED, CKR.CKR_USER_PIN_NOT_INITIALIZED];

    // Neither: what is asked for is wrong, or missing here for good. The caller is told of an internal failure, operators which code it was.
    private static readonly CKR[] Refusals =
    [
        CKR.CKR_ARGUMENTS_BAD, CKR.CKR_NO_EVENT, CKR.CKR_NEED_TO_CREATE_THREADS, CKR.CKR_ATTRIBUTE_READ_ONLY, CKR.CKR_ATTRIBUTE_SENSITIVE,
        CKR.CKR_ATTRIBUTE_TYPE_INVALID, CKR.CKR_ATTRIBUTE_VALUE_INVALID, CKR.CKR_ACTION_PROHIBITED, CKR.CKR_DATA_INVALID, CKR.CKR_DATA_LEN_RANGE,
        CKR.CKR_FUNCTION_NOT_PARALLEL, CKR.CKR_FUNCTION_NOT_SUPPORTED, CKR.CKR_KEY_SIZE_RANGE, CKR.CKR_KEY_TYPE_INCONSISTENT, CKR.CKR_KEY_NOT_NEEDED, CKR.CKR_KEY_CHANGED,
        CKR.CKR_KEY_NEEDED, CKR.CKR_KEY_INDIGESTIBLE, CKR.CKR_KEY_FUNCTION_NOT_PERMITTED, CKR.CKR_KEY_NOT_WRAPPABLE, CKR.CKR_KEY_UNEXTRACTABLE, CKR.CKR_MECHANISM_INVALID,
        CKR.CKR_MECHANISM_PARAM_INVALID, CKR.CKR_SESSION_PARALLEL_NOT_SUPPORTED, CKR.CKR_SESSION_READ_ONLY, CKR.CKR_SESSION_EXISTS, CKR.CKR_SESSION_READ_ONLY_EXISTS,
        CKR.CKR_SESSION_READ_WRITE_SO_EXISTS, CKR.CKR_SIGNATURE_INVALID, CKR.CKR_SIGNATURE_LEN_RANGE, CKR.CKR_TEMPLATE_INCOMPLETE, CKR.CKR_TEMPLATE_INCONSISTENT,
        CKR.CKR_TOKEN_WRITE_PROTECTED, CKR.CKR_UNWRAPPING_KEY_SIZE_RANGE, CKR.CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT, CKR.CKR_USER_ALREADY_LOGGED_IN, CKR.CKR_USER_TYPE_INVALID,
        CKR.CKR_WRAPPING_KEY_SIZE_RANGE, CKR.CKR_WRAPPING_KEY_TYPE_INCONSISTENT, CKR.CKR_RANDOM_SEED_NOT_SUPPORTED, CKR.CKR_DOMAIN_PARAMS_INVALID,
        CKR.CKR_CURVE_NOT_SUPPORTED, CKR.CKR_SAVED_STATE_INVALID, CKR.CKR_INFORMATION_SENSITIVE, CKR.CKR_STATE_UNSAVEABLE, CKR.CKR_CRYPTOKI_ALREADY_INITIALIZED,
        CKR.CKR_NEW_PIN_MODE, CKR.CKR_NEXT_OTP, CKR.CKR_EXCEEDED_MAX_ITERATIONS, CKR.CKR_PIN_TOO_WEAK, CKR.CKR_PUBLIC_KEY_INVALID,
    ];

    public static TheoryData<CKR> AllCodes => [.. Enum.GetValues<CKR>().Distinct()];

    // 0x80000001: a vendor's; 0x201, 0x202 and 0x42: of PKCS#11 3.0.
    public static TheoryData<CKR, bool, bool> LaterCodes => new() { { (CKR)0x8000_0001, true, false }, { (CKR)0x201, true, false }, { (CKR)0x202, true, false }, { (CKR)0x42, false, true } };

    [Theory, MemberData(nameof(AllCodes))]
    public void Every_code_has_one_meaning(CKR code)
    {
        Assert.Equal(Faults.Contains(code), TokenFaults.IsFault(code));
        Assert.Equal(BadData.Contains(code), TokenFaults.IsBadData(code));
        Assert.Equal(RefusedPins.Contains(code), TokenFaults.IsRefusedPin(code));
        Assert.Single(new[] { Faults, BadData, RefusedPins, Refusals, [CKR.CKR_OK] }, codes => codes.Contains(code));
    }

    [Theory, MemberData(nameof(LaterCodes))]
    public void Codes_that_the_library_does_not_know_are_known_here(CKR code, bool isFault, bool isBadData) =>
        Assert.Equal((isFault, isBadData), (TokenFaults.IsFault(code), TokenFaults.IsBadData(code)));

    [Fact]
    public void What_needs_a_restart_or_proof_is_a_fault() =>
        Assert.All(Enum.GetValues<CKR>().Where(code => TokenFaults.NeedsRestart(code) || TokenFaults.IsAmbiguous(code)), code => Assert.True(TokenFaults.IsFault(code)));

    [Theory, InlineData("C_DestroyObject", true), InlineData("C_Encrypt", false)]
    public void An_object_that_was_not_destroyed_costs_the_session(string method, bool isFault) =>
        Assert.Equal(isFault, TokenFaults.IsFault(new Pkcs11Exception(method, CKR.CKR_ACTION_PROHIBITED)));
}
