using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Tests.Actions;

public sealed class KeyFiltersTests
{
    [Theory]
    [InlineData("[]", true, true)]
    [InlineData("""[{"Key":"KeyState","Values":[]}]""", true, true)]
    [InlineData("""[{"Key":"KeyState"}]""", true, true)]
    [InlineData("""[{"Key":"KeyState","Values":["Enabled"]}]""", true, true)]
    [InlineData("""[{"Key":"KeySpec","Values":["RSA_2048"]}]""", false, true)]
    [InlineData("""[{"Key":"KeySpec","Values":["RSA_2048"]},{"Key":"KeySpec","Values":["Aliyun_AES_256"]}]""", true, true)]
    [InlineData("""[{"Key":"KeySpec","Values":["RSA_2048"]},{"Key":"KeyState","Values":["Disabled"]}]""", false, false)]
    [InlineData("""[{"Key":"KeySpec","Values":["Aliyun_AES_192"]}]""", false, false)]
    [InlineData("""[{"Key":"CreatorType","Values":["User","Service"]}]""", true, true)]
    [InlineData("""[{"Key":"CreatorType","Values":["Service"]}]""", false, false)]
    [InlineData("""[{"Key":"DKMSInstanceId","Values":["kst"]}]""", false, false)]
    public void What_a_filter_shows(string json, bool aes, bool rsa)
    {
        var filter = KeyFilters.Read(Requests.Call(("Filters", json)));
        Assert.Equal(
            (aes, rsa),
            (filter.Shows(KeyState.Enabled, KeySpec.Aes256, KeyUsage.EncryptDecrypt, ProtectionLevel.Software), filter.Shows(KeyState.Enabled, KeySpec.Rsa2048, KeyUsage.SignVerify, ProtectionLevel.Hsm)));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"Values":["Enabled"]}]""")]
    [InlineData("""[{"Key":"Color","Values":["red"]}]""")]
    [InlineData("""[{"Key":"KeyState","Values":"Enabled"}]""")]
    [InlineData("""[{"Key":"KeyState","Values":[1]}]""")]
    [InlineData("""[{"Key":"KeyState","Values":["enabled"]}]""")]
    [InlineData("""[{"Key":"CreatorType","Values":["Nobody"]}]""")]
    [InlineData("""[{"Key":"KeyState","Values":["Enabled"],"More":1}]""")]
    public void What_is_no_filter_is_refused(string json)
    {
        var error = Assert.Throws<KmsException>(() => KeyFilters.Read(Requests.Call(("Filters", json))));
        Assert.Equal((KmsErrorCode.InvalidParameter, "The specified parameter Filters is not valid."), (error.Code, error.Message));
    }
}
