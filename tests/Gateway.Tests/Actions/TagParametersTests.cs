using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Tests.Actions;

public sealed class TagParametersTests
{
    [Theory]
    [InlineData("[]", 0)]
    [InlineData("""[{"TagKey":"a","TagValue":"b"}]""", 1)]
    [InlineData("""[{"TagValue":"b","TagKey":"a"},{"TagKey":"c"}]""", 2)]
    public void Tags_are_read(string json, int count) => Assert.Equal(count, TagParameters.Read(Requests.Call(("Tags", json)))?.Length ?? 0);

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"TagKey":1,"TagValue":"b"}]""")]
    [InlineData("""[{"TagKey":"a","TagValue":null}]""")]
    [InlineData("""[{"TagKey":"a","TagValue":"b","Color":"red"}]""")]
    [InlineData("""[{"TagKey":"a","TagValue":"b"},{"TagKey":"a","TagValue":"c"}]""")]
    [InlineData("""[{"TagKey":"","TagValue":"b"}]""")]
    [InlineData("""[{"TagKey":"\ud800","TagValue":"b"}]""")]
    [InlineData("""[[[[[[1]]]]]]""")]
    public void What_is_no_list_of_tags_is_refused(string json)
    {
        var error = Assert.Throws<KmsException>(() => TagParameters.Read(Requests.Call(("Tags", json))));
        Assert.Equal((KmsErrorCode.InvalidParameter, "The specified parameter Tags is not valid."), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("TagKeys", """["a","b"]""")]
    [InlineData("TagKeys", """ ["a", "b"] """)]
    [InlineData("TagKeys", "a,b")]
    [InlineData("TagKeys", "a , b")]
    [InlineData("TagsKeys", """["a","b"]""")]
    public void Keys_are_read_in_every_form(string name, string text) => Assert.Equal(["a", "b"], TagParameters.ReadKeys(Requests.Call((name, text))));

    [Theory, InlineData("[]"), InlineData("[1]"), InlineData("["), InlineData(","), InlineData("a,,b")]
    public void What_is_no_list_of_keys_is_refused(string text) =>
        Assert.Equal(KmsErrorCode.InvalidParameter, Assert.Throws<KmsException>(() => TagParameters.ReadKeys(Requests.Call(("TagKeys", text)))).Code);

    [Fact]
    public void Twenty_are_taken_and_no_more()
    {
        Assert.Equal(20, TagParameters.ReadKeys(Requests.Call(("TagKeys", string.Join(',', Enumerable.Range(0, 20))))).Length);
        Assert.Throws<KmsException>(() => TagParameters.ReadKeys(Requests.Call(("TagKeys", string.Join(',', Enumerable.Range(0, 21))))));
        Assert.Equal(20, Tag.MaxPerCall);
    }
}
