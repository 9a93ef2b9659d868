using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Contracts.Tests.Keys;

public sealed class CryptoLimitsTests
{
    public static TheoryData<string, bool> Plaintexts => new()
    {
        { "", false },
        { "x", true },
        { new string('x', 6144), true },
        { new string('-', 6145), false },
        { Convert.ToBase64String(new byte[6144]), true },
        { Convert.ToBase64String(new byte[6145]), false },
        { "====" + new string('-', 8188), false },
    };

    [Theory, MemberData(nameof(Plaintexts))]
    public void Plaintext_counts_decoded_bytes_of_base64_and_bytes_of_any_other_text(string plaintext, bool accepted) =>
        Assert.Equal(accepted ? null : KmsErrorCode.InvalidParameter, Refusal(() => CryptoLimits.CheckPlaintext(Encoding.UTF8.GetBytes(plaintext))));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Data_keys_have_1_to_1024_bytes(int numberOfBytes, bool accepted) =>
        Assert.Equal(accepted ? null : KmsErrorCode.InvalidParameter, Refusal(() => CryptoLimits.CheckDataKeyLength(numberOfBytes)));

    private static KmsErrorCode? Refusal(Action check) => (Record.Exception(check) as KmsException)?.Code;
}
