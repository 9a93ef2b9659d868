using System.Globalization;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Tells what a token is and can do.</summary>
internal static class TokenInfo
{
    public static AdminCommand Command { get; } = new("token-info", "tells what the token is, which root keys it holds and what it can do; also while the service runs", [], Run);

    private static Task<int> Run(AdminContext context)
    {
        var folder = context.Folder();
        if (!context.Settings.Kms.HasToken)
        {
            context.Say($"no token: the root keys are in {context.Settings.Kms.RootKeyFile}, in use is {AdminContext.ServiceKey(context.Databases(folder))?.RootKeyVersion.ToString(CultureInfo.InvariantCulture) ?? "none"}; protection level HSM is not offered");
            return Task.FromResult(0);
        }
        var options = context.Token(folder);
        var tokens = new RootKeyTokens(options);
        foreach (var line in tokens.Describe()) context.Say(line);
        var serviceKey = AdminContext.ServiceKey(context.Databases(folder));
        context.Say($"in use              {(serviceKey is null ? "none: the database has no service key yet" : KeyTemplate.RootKeyLabel(serviceKey.RootKeyVersion))}");
        if (serviceKey is null || !tokens.Versions().Contains(serviceKey.RootKeyVersion))
        {
            context.Say("offers              not tried out: that takes the root key of this database");
            return Task.FromResult(0);
        }
        var (capabilities, absent) = ServiceKeySetup.Capabilities(options, new ServiceKey(serviceKey));
        context.Say($"offers              {capabilities.Offered}");
        context.Say($"does not offer      {capabilities.Missing}");
        foreach (var reason in absent) context.Say($"absent              {reason}");
        return Task.FromResult(0);
    }
}
