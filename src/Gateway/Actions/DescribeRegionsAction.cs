namespace Orleans.Kms.Gateway.Actions;

internal static class DescribeRegionsAction
{
    public static ValueTask Handle(ActionCall call)
    {
        call.Response.BeginList("Regions", "Region");
        foreach (var region in call.Options.RegionIds)
        {
            call.Response.BeginItem("Region");
            call.Response.Text("RegionId", region);
            call.Response.EndItem("Region");
        }
        call.Response.EndList("Regions");
        return default;
    }
}
