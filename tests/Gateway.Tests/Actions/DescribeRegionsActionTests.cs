using System.Text;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Tests.Actions;

public sealed class DescribeRegionsActionTests
{
    [Theory]
    [InlineData("""{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}""", "cn-hangzhou")]
    [InlineData("""{"Regions":{"Region":[{"RegionId":"b"},{"RegionId":"a"}]}}""", "b", "a")]
    public async Task Listed_are_the_configured_regions_in_their_order(string expected, params string[] regions)
    {
        var options = new GatewayOptions { RegionId = "here", RegionIds = regions };
        using var buffer = new ResponseBuffer();
        var response = new JsonResponseWriter(buffer);
        response.Begin("DescribeRegionsResponse");
        await DescribeRegionsAction.Handle(Requests.Call() with { Response = response, Options = options });
        response.End();
        Assert.Equal(expected, Encoding.UTF8.GetString(buffer.Written));
    }
}
