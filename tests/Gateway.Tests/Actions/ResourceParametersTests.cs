using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Gateway.Tests.Actions;

public sealed class ResourceParametersTests
{
    private const string First = "1234abcd-12ab-34cd-56ef-1234567890a1";
    private const string Second = "1234abcd-12ab-34cd-56ef-1234567890a2";

    [Fact]
    public void Numbers_give_the_order_and_may_leave_some_out()
    {
        var ids = Resources(("ResourceId.10", Second), ("ResourceId.2", First), ("ResourceId.3", First));
        Assert.Equal([Guid.Parse(First), Guid.Parse(Second)], ids);
        var tags = ResourceParameters.Tags(Requests.Call(("Tag.9.Key", "z"), ("Tag.2.Value", "1"), ("Tag.2.Key", "a"), ("Tag.10.Key", "b"), ("Tag.10.Value", "")));
        Assert.Equal([new TagCondition("a", "1"), new TagCondition("z", null), new TagCondition("b", "")], tags);
    }

    [Theory]
    [InlineData("ResourceId.")]
    [InlineData("ResourceId.0")]
    [InlineData("ResourceId.01")]
    [InlineData("ResourceId.+1")]
    [InlineData("ResourceId.x")]
    [InlineData("ResourceId.1.2")]
    [InlineData("ResourceId.99999999999")]
    public void A_number_has_one_spelling(string name)
    {
        var error = Assert.Throws<KmsException>(() => Resources((name, First)));
        Assert.Equal((KmsErrorCode.InvalidParameter, $"The specified parameter {name} is not valid."), (error.Code, error.Message));
    }

    [Theory, InlineData("Tag."), InlineData("Tag.1"), InlineData("Tag.x.Key"), InlineData("Tag.1.Color"), InlineData("Tag.1.Key.1"), InlineData("Tag..Key")]
    public void A_tag_has_a_number_and_a_field(string name) =>
        Assert.Equal(KmsErrorCode.InvalidParameter, Assert.Throws<KmsException>(() => ResourceParameters.Tags(Requests.Call((name, "a")))).Code);

    private static Guid[] Resources(params (string, string)[] parameters) =>
        ResourceParameters.Resources(Requests.Call([("RegionId", "x"), ("ResourceType", "key"), .. parameters]), out _);
}
