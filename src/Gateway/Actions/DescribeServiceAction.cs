using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class DescribeServiceAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var specs = await call.Grains.Directory(call.AccountId).DescribeService();
        call.Response.BeginList("ProtectionLevels", "ProtectionLevel");
        foreach (var level in specs.SelectMany(spec => spec.Levels).Distinct().Order())
        {
            call.Response.BeginItem("ProtectionLevel");
            call.Response.Text("Type", level.ApiName());
            call.Response.EndItem("ProtectionLevel");
        }
        call.Response.EndList("ProtectionLevels");
        call.Response.BeginList("KeySpecs", "KeySpec");
        foreach (var (spec, levels, usages) in specs)
        {
            call.Response.BeginItem("KeySpec");
            call.Response.Text("Name", spec.ApiName());
            WriteNames(call, "SupportedProtectionLevels", "SupportedProtectionLevel", levels.Select(level => level.ApiName()));
            WriteNames(call, "Usages", "Usage", usages.Select(usage => usage.ApiName()));
            call.Response.EndItem("KeySpec");
        }
        call.Response.EndList("KeySpecs");
    }

    private static void WriteNames(ActionCall call, string wrapper, string element, IEnumerable<string> names)
    {
        call.Response.BeginList(wrapper, element);
        foreach (var name in names) call.Response.TextItem(element, name);
        call.Response.EndList(wrapper);
    }
}
