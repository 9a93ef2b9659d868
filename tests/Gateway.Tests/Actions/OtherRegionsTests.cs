using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Tests.Actions;

public sealed class OtherRegionsTests
{
    private const string Account = "1000000000000001";
    private const string Id = "42030d1a-f149-48bf-b1ad-9e3860e50280";

    [Theory]
    [InlineData($"acs:kms:east-1:{Account}:key/{Id}", "east-1")]
    [InlineData($"acs:kms:east-1:{Account}:alias/a", "east-1")]
    [InlineData($"acs:kms:east-1:2000000000000002:key/{Id}", null)]
    [InlineData($"acs:kms::{Account}:key/{Id}", null)]
    [InlineData($"acs:ram:east-1:{Account}:user/a", null)]
    [InlineData(Id, null)]
    public void An_arn_of_ones_own_account_tells_its_region(string name, string? region) => Assert.Equal(region, OtherRegions.Of(name, Account));

    [Theory, InlineData("key/" + Id), InlineData("alias/a")]
    public async Task A_key_or_alias_of_another_region_is_not_found_and_the_message_names_the_region(string name)
    {
        var failure = await Assert.ThrowsAsync<KmsException>(async () => await KeyReference.Read(Call(("KeyId", $"acs:kms:east-1:{Account}:{name}")), acceptsAlias: true));
        Assert.Equal((KmsErrorCode.KeyNotFound, "Forbidden.KeyNotFound"), (failure.Code, failure.ApiCode));
        Assert.Contains("in region east-1, and this is region west-1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_tagged_in_another_region_of_the_installation_is_refused_and_the_message_names_both()
    {
        var failure = Assert.Throws<KmsException>(() => OtherRegions.Refuse(Call(("RegionId", "east-1"))));
        Assert.Equal("InvalidParameter", failure.ApiCode);
        Assert.Contains("This is region west-1: send the request to the endpoint of east-1", failure.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("west-1"), InlineData("cn-hangzhou"), InlineData("")]
    public void Its_own_region_and_what_sdks_send_by_default_are_taken(string region) => OtherRegions.Refuse(Call(("RegionId", region)));

    private static ActionCall Call((string, string) parameter) => Requests.Call(parameter) with { Options = new() { RegionId = "west-1", RegionIds = ["east-1", "west-1"] } };
}
