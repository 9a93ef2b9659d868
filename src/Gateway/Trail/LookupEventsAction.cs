using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Trail;

internal static class LookupEventsAction
{
    private const string Events = "Events";

    public static ValueTask Handle(ActionCall call) => Answer(call, LookupAttributes.Read(call));

    public static ValueTask HandleOlder(ActionCall call) => Answer(call, LookupAttributes.ReadOlder(call));

    private static async ValueTask Answer(ActionCall call, EventFilter[] attributes)
    {
        var query = new EventQuery(
            TrailParameters.Time(call, "StartTime"), TrailParameters.Time(call, "EndTime"), call.Text("Direction"), RamParameters.Integer(call, "MaxResults") ?? EventQuery.DefaultMaxResults,
            call.Text("NextToken"), attributes);
        var page = await call.Grains.ActionTrail(call.AccountId).LookupEvents(query);
        call.Response.BeginArray(Events);
        foreach (var json in page.Events) call.Response.JsonItem(Events, json);
        call.Response.EndArray();
        if (page.NextToken is not null) call.Response.Text("NextToken", page.NextToken);
        call.Response.Time("StartTime", page.StartTime);
        call.Response.Time("EndTime", page.EndTime);
    }
}
