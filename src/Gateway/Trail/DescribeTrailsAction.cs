using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Trail;

internal static class DescribeTrailsAction
{
    private const string TrailList = "TrailList";

    public static ValueTask Handle(ActionCall call) => Answer(call, TrailFields.Write);

    public static ValueTask HandleOlder(ActionCall call) => Answer(call, TrailFields.WriteOlder);

    // Shadow and organization trails need no asking for: there are none.
    private static async ValueTask Answer(ActionCall call, Action<ResponseWriter, TrailDescription> write)
    {
        var names = call.Text("NameList")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var trails = await call.Grains.ActionTrail(call.AccountId).DescribeTrails(names);
        call.Response.BeginArray(TrailList);
        foreach (var trail in trails)
        {
            call.Response.BeginItem(TrailList);
            write(call.Response, trail);
            call.Response.EndItem(TrailList);
        }
        call.Response.EndArray();
    }
}
