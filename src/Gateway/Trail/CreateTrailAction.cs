using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Trail;

internal static class CreateTrailAction
{
    public static async ValueTask Handle(ActionCall call) => TrailFields.WriteSettings(call.Response, await Create(call, TrailParameters.Settings));

    public static async ValueTask HandleOlder(ActionCall call) => TrailFields.WriteOlderSettings(call.Response, await Create(call, TrailParameters.OlderSettings));

    private static Task<TrailDescription> Create(ActionCall call, Func<ActionCall, TrailSettings> read)
    {
        var (name, settings) = (TrailParameters.Name(call), read(call));
        return call.Grains.ActionTrail(call.AccountId).CreateTrail(name, settings);
    }
}
