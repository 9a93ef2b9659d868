using System.ComponentModel.DataAnnotations;
using Orleans.Kms.Gateway;
using Orleans.Kms.Gateway.Cluster;
using Orleans.Kms.Gateway.Hosting;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Delivery;

namespace Orleans.Kms.Silo;

/// <summary>All settings, read once and checked before anything is made.</summary>
internal sealed record Settings(KmsOptions Kms, HsmOptions Hsm, GatewayOptions Gateway, OrleansOptions Orleans, ClusterOptions Cluster, MonitoringOptions Monitoring)
{
    /// <summary>The connection string of the database that the silos of a cluster share. Empty: this process is alone, with its data folder.</summary>
    public string Database { get; private init; } = "";

    /// <summary>Whether this silo is one of a cluster.</summary>
    public bool IsCluster => Database.Length > 0;

    private static readonly string[] UsualModulePaths =
        ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"];

    /// <summary>Reads the section <c>Kms</c>; the command line wins.</summary>
    /// <exception cref="StartupException">A setting is out of range; all faults are told at once.</exception>
    public static Settings Read(IConfiguration configuration, Arguments arguments)
    {
        var section = configuration.GetSection("Kms");
        var settings = new Settings(new(), new(), new(), new(), new(), new()) { Database = section["Database"] ?? "" };
        try
        {
            section.Bind(settings.Kms);
            settings.Kms.Regions = [.. section.GetSection("Regions").GetChildren().Select(Element<RegionOptions>)];
            settings.Kms.Trail.Buckets = [.. section.GetSection("Trail:Buckets").GetChildren().Select(Element<BucketOptions>)];
            section.GetSection("Hsm").Bind(settings.Hsm);
            section.GetSection("Gateway").Bind(settings.Gateway);
            section.GetSection("Orleans").Bind(settings.Orleans);
            section.GetSection("Cluster").Bind(settings.Cluster);
            section.GetSection("Monitoring").Bind(settings.Monitoring);
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException($"a setting cannot be read: {e.Message}");
        }
        // Bound as a list, a single value is left out without a word.
        if (!string.IsNullOrEmpty(section["Gateway:TrustedProxies"])) throw new StartupException("Kms:Gateway:TrustedProxies is a list: set Kms__Gateway__TrustedProxies__0, __1 and so on");
        foreach (var bucket in section.GetSection("Trail:Buckets").GetChildren())
        {
            if (!string.IsNullOrEmpty(bucket["Accounts"])) throw new StartupException($"{bucket.Path}:Accounts is a list: set {bucket.Path.Replace(":", "__", StringComparison.Ordinal)}__Accounts__0, __1 and so on");
        }
        settings.Gateway.Port = arguments.Port ?? settings.Gateway.Port;
        settings.Gateway.RegionId = settings.Kms.RegionId;
        settings.Gateway.RegionIds = settings.Kms.RegionIds;
        if (settings.Kms.HasToken && settings.Hsm.ModulePath.Length == 0) settings.Hsm.ModulePath = UsualModulePaths.FirstOrDefault(File.Exists) ?? "";
        if (settings.IsCluster) settings.UseClusterDefaults();
        settings.Check();
        return settings;
    }

    // One by one: bound as a list, those that cannot be read are left out without a word.
    private static T Element<T>(IConfigurationSection section) where T : new()
    {
        var element = new T();
        section.Bind(element);
        return element;
    }

    private void UseClusterDefaults()
    {
        if (Orleans.SiloPort == 0) Orleans.SiloPort = OrleansOptions.ClusterSiloPort;
        if (Orleans.GatewayPort == 0) Orleans.GatewayPort = OrleansOptions.ClusterGatewayPort;
        if (Monitoring.Port == 0) Monitoring.Port = MonitoringOptions.ClusterPort;
        if (Kms.Trail.WriterName == TrailOptions.LoneWriter) Kms.Trail.WriterName = Cluster.SiloName;
    }

    private void Check()
    {
        var faults = new List<string>();
        if (Kms.HasToken) faults.AddRange(TokenSettings.Faults(Hsm));
        else if (Hsm.Addresses is not [{ ModulePath: "", IsNameless: true, PinFile: "" }]) faults.Add("Kms:RootKeyFile is for services without a PKCS#11 module: unset it, or what Kms:Hsm says of module and token");
        if (!Kms.RegionIds.Contains(Kms.RegionId)) faults.Add($"Kms:Regions has to list this region, '{Kms.RegionId}' (Kms:RegionId), too");
        foreach (var id in Kms.RegionIds.GroupBy(id => id).Where(group => group.Count() > 1)) faults.Add($"Kms:Regions lists '{id.Key}' more than once");
        foreach (var options in new object[] { Kms, Kms.Quotas, Kms.Authentication, Kms.Ram, Kms.Trail, Hsm, Gateway, Orleans, Cluster, Monitoring }.Concat(Kms.Regions).Concat(Kms.Quotas.Accounts.Values)) Collect(options, faults);
        if (faults.Count > 0) throw new StartupException(string.Join("; ", faults));
    }

    private static void Collect(object options, List<string> faults)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), results, validateAllProperties: true);
        faults.AddRange(results.Select(r => r.ErrorMessage ?? "a setting is not valid"));
    }
}
