namespace Orleans.Kms.Gateway.Actions;

internal static class DescribeRegionsAction
{
    public static ValueTask Handle(ActionCall call)
    {
        call.Response.BeginList("Regions", "Region");
        if (call.Options.Regions.Count == 0) Write(call, call.Options.RegionId);
        foreach (var region in call.Options.Regions) Write(call, region);
        call.Response.EndList("Regions");
        return default;
    }

    private static void Write(ActionCall call, string region)
    {
        call.Response.BeginItem("Region");
        call.Response.Text("RegionId", region);
        call.Response.EndItem("Region");
    }
}
