using Orleans.Kms.Errors;

namespace Orleans.Kms.Contracts.Tests.Errors;

public sealed class KmsErrorCodesTests
{
    // That of RAM's malformed parameters is never told alone: the parameter follows.
    [Fact]
    public void Every_code_has_its_own_api_code()
    {
        Assert.Equal(KmsErrorCode.InvalidParameter.ApiCode(), KmsErrorCode.InvalidRamParameter.ApiCode());
        var codes = Enum.GetValues<KmsErrorCode>().Except([KmsErrorCode.InvalidRamParameter]).Select(c => c.ApiCode()).ToArray();
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }

    [Fact]
    public void Every_code_has_a_text() => Assert.All(Enum.GetValues<KmsErrorCode>(), c => Assert.NotEmpty(c.StandardMessage()));

    [Fact]
    public void Every_bad_ciphertext_is_told_in_the_same_words()
    {
        var error = KmsException.BadCiphertext();
        Assert.Equal((KmsErrorCode.InvalidParameter, "The specified parameter CiphertextBlob is not valid."), (error.Code, error.Message));
    }
}
