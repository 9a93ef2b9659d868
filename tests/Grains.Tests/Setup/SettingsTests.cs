using Microsoft.Extensions.Configuration;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo;

namespace Orleans.Kms.Grains.Tests.Setup;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("local-1", true, "local-1")]
    [InlineData("here", true, "here", "RegionId=here")]
    [InlineData("local-1", true, "local-1", "Regions:0:Id=local-1")]
    [InlineData("local-1", false, "local-1", "Regions:0:Id=local-1", "Regions:0:Hsm=false")]
    [InlineData("local-1", true, "b,local-1", "Regions:0:Id=b", "Regions:0:Hsm=false", "Regions:1:Id=local-1", "Regions:1:Hsm=true")]
    [InlineData("a", false, "a,b", "RegionId=a", "Regions:0:Id=a", "Regions:0:Hsm=false", "Regions:1:Id=b", "Regions:1:Hsm=true")]
    public void Regions_are_those_listed_or_this_one_alone(string here, bool offersHsm, string regionIds, params string[] lines)
    {
        var settings = Read(lines);
        Assert.Equal((here, here, offersHsm), (settings.Kms.RegionId, settings.Gateway.RegionId, settings.Kms.OffersHsm));
        Assert.Equal(regionIds.Split(','), settings.Gateway.RegionIds);
    }

    [Theory]
    [InlineData("Kms:Regions has to list this region, 'local-1' (Kms:RegionId), too", "Regions:0:Id=b")]
    [InlineData("Kms:Regions lists 'b' more than once", "Regions:0:Id=b", "Regions:1:Id=local-1", "Regions:2:Id=b")]
    [InlineData("Kms:Regions: Id is of a-z and 0-9", "Regions:0:Id=local-1", "Regions:1:Id=")]
    [InlineData("Kms:Regions: Id is of a-z and 0-9", "Regions:0:Id=local-1", "Regions:1:Hsm=true")]
    [InlineData("Kms:Regions: Id is of a-z and 0-9", "Regions:0:Id=local-1", "Regions:1:Id=Big")]
    [InlineData("Kms:Regions: Id is of a-z and 0-9", "Regions:0:Id=local-1", "Regions:1:Id=a--b")]
    [InlineData("Kms:Regions: Id is of a-z and 0-9", "Regions:0:Id=local-1", "Regions:1:Id=a123456789b123456789c123456789d123456789e123456789f123456789g1234")]
    [InlineData("cannot be read", "Regions:0:Id=local-1", "Regions:0:Hsm=perhaps")]
    [InlineData("Kms:Regions: Id is of a-z and 0-9", "Regions:0=local-1")]
    public void Regions_that_make_no_sense_are_refused(string reason, params string[] lines) =>
        Assert.Contains(reason, Assert.Throws<StartupException>(() => Read(lines)).Message, StringComparison.Ordinal);

    [Fact]
    public void Proxies_are_trusted_one_by_one()
    {
        Assert.Empty(Read().Gateway.TrustedProxies);
        Assert.Empty(Read("Gateway:TrustedProxies=").Gateway.TrustedProxies);
        Assert.Equal(["10.0.0.0/8", "::1"], Read("Gateway:TrustedProxies:0=10.0.0.0/8", "Gateway:TrustedProxies:1=::1").Gateway.TrustedProxies);
    }

    [Theory]
    [InlineData("'proxy' is no address", "Gateway:TrustedProxies:0=proxy")]
    [InlineData("'' is no address", "Gateway:TrustedProxies:0=10.0.0.1", "Gateway:TrustedProxies:1=")]
    [InlineData("'10.0.0.0/33' is no address", "Gateway:TrustedProxies:0=10.0.0.0/33")]
    [InlineData("Kms:Gateway:TrustedProxies is a list", "Gateway:TrustedProxies=10.0.0.1")]
    public void Proxies_that_are_none_are_refused(string reason, params string[] lines) =>
        Assert.Contains(reason, Assert.Throws<StartupException>(() => Read(lines)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("LookupsPerSecond", 0, 1, 10_000)]
    [InlineData("TrailsPerAccount", -1, 0, 1000)]
    [InlineData("DeliverySeconds", 0, 1, 3600)]
    public void Numbers_of_lookups_and_deliveries_have_two_sides(string name, int below, int least, int most)
    {
        foreach (var value in new[] { least, most }) Assert.Equal(value, typeof(TrailOptions).GetProperty(name)!.GetValue(Read($"Trail:{name}={value}").Kms.Trail));
        foreach (var value in new[] { below, most + 1 })
        {
            Assert.Contains($"Kms:Trail: {name} is from", Assert.Throws<StartupException>(() => Read($"Trail:{name}={value}")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Buckets_are_folders_or_stores()
    {
        Assert.Empty(Read().Kms.Trail.Buckets);
        var buckets = Read(
            "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Folder=/mnt/audit", "Trail:Buckets:1:Name=far-away", "Trail:Buckets:1:Endpoint=https://s3.example.com", "Trail:Buckets:1:AccessKeyId=id",
            "Trail:Buckets:1:AccessKeySecretFile=/dev/null", "Trail:Buckets:1:Region=eu-1", "Trail:Buckets:1:PathStyle=false", "Trail:Buckets:1:Accounts:0=1000000000000001",
            "Trail:Buckets:1:Accounts:1=2000000000000002").Kms.Trail.Buckets;
        Assert.Equal([("audit", "/mnt/audit", "", true), ("far-away", "", "https://s3.example.com", false)], buckets.Select(b => (b.Name, b.Folder, b.Endpoint, b.PathStyle)));
        Assert.Equal(["us-east-1", "eu-1"], buckets.Select(b => b.Region));
        Assert.Equal([[], ["1000000000000001", "2000000000000002"]], buckets.Select(b => b.Accounts));
    }

    [Theory]
    [InlineData("Name has 3 to 63", "Trail:Buckets:0:Folder=/mnt/audit")]
    [InlineData("Name has 3 to 63", "Trail:Buckets:0:Name=Audit", "Trail:Buckets:0:Folder=/mnt/audit")]
    [InlineData("set either Folder or Endpoint", "Trail:Buckets:0:Name=audit")]
    [InlineData("set either Folder or Endpoint", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Folder=/mnt/audit", "Trail:Buckets:0:Endpoint=http://a")]
    [InlineData("Folder is a full path", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Folder=audit")]
    [InlineData("Endpoint is a URL", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Endpoint=s3.example.com", "Trail:Buckets:0:AccessKeyId=id", "Trail:Buckets:0:AccessKeySecretFile=/dev/null")]
    [InlineData("Endpoint is a URL", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Endpoint=ftp://a", "Trail:Buckets:0:AccessKeyId=id", "Trail:Buckets:0:AccessKeySecretFile=/dev/null")]
    [InlineData("AccessKeyId is needed", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Endpoint=http://a", "Trail:Buckets:0:AccessKeySecretFile=/dev/null")]
    [InlineData("AccessKeySecretFile names no file", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Endpoint=http://a", "Trail:Buckets:0:AccessKeyId=id", "Trail:Buckets:0:AccessKeySecretFile=/nowhere")]
    [InlineData("Accounts has '1', which", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Folder=/a", "Trail:Buckets:0:Accounts:0=1")]
    [InlineData("Accounts is a list", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Folder=/a", "Trail:Buckets:0:Accounts=1000000000000001")]
    [InlineData("lists 'audit' more than once", "Trail:Buckets:0:Name=audit", "Trail:Buckets:0:Folder=/a", "Trail:Buckets:1:Name=audit", "Trail:Buckets:1:Folder=/b")]
    public void Buckets_that_make_no_sense_are_refused(string reason, params string[] lines) =>
        Assert.Contains(reason, Assert.Throws<StartupException>(() => Read(lines)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("RetentionDays", "0")]
    [InlineData("RetentionDays", "3651")]
    [InlineData("CheckpointSeconds", "0")]
    [InlineData("CheckpointSeconds", "3601")]
    [InlineData("WriterName", "")]
    [InlineData("WriterName", "a b")]
    [InlineData("WriterName", "a2345678901234567890123456789012345678901234567890123456789012345")]
    public void Settings_of_the_trail_that_are_out_of_range_are_refused(string name, string value) =>
        Assert.Contains(name, Assert.Throws<StartupException>(() => Read($"Trail:{name}={value}")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_trail_is_kept_for_90_days_unless_it_is_said_otherwise()
    {
        var trail = Read().Kms.Trail;
        Assert.Equal((true, 90, 60, "silo"), (trail.Enabled, trail.RetentionDays, trail.CheckpointSeconds, trail.WriterName));
        trail = Read("Trail:Enabled=false", "Trail:RetentionDays=3650", "Trail:CheckpointSeconds=1", "Trail:WriterName=silo-2.b_1").Kms.Trail;
        Assert.Equal((false, 3650, 1, "silo-2.b_1"), (trail.Enabled, trail.RetentionDays, trail.CheckpointSeconds, trail.WriterName));
    }

    [Fact]
    public void A_root_key_file_takes_the_place_of_the_token()
    {
        var settings = Settings.Read(Configuration(("Kms:RootKeyFile", "root.keys")), Arguments.Parse([]));
        Assert.Equal((false, false, ""), (settings.Kms.HasToken, settings.Kms.OffersHsm, settings.Hsm.ModulePath));
        var listed = Configuration(("Kms:RootKeyFile", "root.keys"), ("Kms:Regions:0:Id", "local-1"), ("Kms:Regions:0:Hsm", "true"));
        Assert.False(Settings.Read(listed, Arguments.Parse([])).Kms.OffersHsm);
    }

    [Theory]
    [InlineData("Hsm:ModulePath=softhsm.so")]
    [InlineData("Hsm:TokenLabel=mine", "Hsm:PinFile=pin")]
    [InlineData("Hsm:TokenSerial=1")]
    [InlineData("Hsm:Slot=0")]
    [InlineData("Hsm:PinFile=pin")]
    [InlineData("Hsm:Tokens:0:TokenLabel=mine", "Hsm:Tokens:0:PinFile=pin")]
    public void A_root_key_file_beside_a_token_is_refused(params string[] lines)
    {
        (string, string)[] values = [("Kms:RootKeyFile", "root.keys"), .. lines.Select(line => line.Split('=')).Select(pair => ("Kms:" + pair[0], pair[1]))];
        var refusal = Assert.Throws<StartupException>(() => Settings.Read(Configuration(values), Arguments.Parse([])));
        Assert.Contains("Kms:RootKeyFile is for services without a PKCS#11 module", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Users", -1, 0, 1_000_000)]
    [InlineData("Groups", -1, 0, 1_000_000)]
    [InlineData("Roles", -1, 0, 1_000_000)]
    [InlineData("Policies", -1, 0, 1_000_000)]
    [InlineData("GroupsPerUser", -1, 0, 100)]
    [InlineData("SystemPoliciesPerIdentity", -1, 0, 100)]
    [InlineData("CustomPoliciesPerUser", -1, 0, 100)]
    [InlineData("CustomPoliciesPerGroup", -1, 0, 100)]
    [InlineData("CustomPoliciesPerRole", -1, 0, 100)]
    [InlineData("AccessKeysPerUser", 0, 1, 10)]
    [InlineData("VersionsPerPolicy", 1, 2, 100)]
    [InlineData("DocumentLength", 99, 100, 65536)]
    public void Quotas_of_RAM_have_two_sides(string name, int below, int least, int most)
    {
        foreach (var value in new[] { least, most }) Assert.Equal(value, typeof(RamOptions).GetProperty(name)!.GetValue(Read($"Ram:{name}={value}").Kms.Ram));
        foreach (var value in new[] { below, most + 1 })
        {
            Assert.Contains("Kms:Ram: ", Assert.Throws<StartupException>(() => Read($"Ram:{name}={value}")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Quotas_of_RAM_are_those_of_the_documents_if_nothing_is_set()
    {
        var ram = Read().Kms.Ram;
        Assert.Equal((1000, 1000, 1000, 1500, 5), (ram.Users, ram.Groups, ram.Roles, ram.Policies, ram.GroupsPerUser));
        Assert.Equal((20, 10, 5, 5, 2, 5, 6144), (ram.SystemPoliciesPerIdentity, ram.CustomPoliciesPerUser, ram.CustomPoliciesPerGroup, ram.CustomPoliciesPerRole, ram.AccessKeysPerUser, ram.VersionsPerPolicy, ram.DocumentLength));
    }

    [Fact]
    public void Without_a_module_both_ways_out_are_told()
    {
        var fault = Assert.Single(TokenSettings.Faults(new HsmOptions()));
        Assert.Contains("apt-get install softhsm2", fault, StringComparison.Ordinal);
        Assert.Contains("name a file in Kms:RootKeyFile", fault, StringComparison.Ordinal);
    }

    // The token is not loaded to read settings, but its module has to be named.
    private static Settings Read(params string[] lines)
    {
        var values = lines.Select(line => line.Split('=', 2)).Select(pair => ("Kms:" + pair[0], pair[1]));
        return Settings.Read(Configuration([("Kms:Hsm:ModulePath", TokenFixture.ModulePath), .. values]), Arguments.Parse([]));
    }

    private static IConfigurationRoot Configuration(params (string Name, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(value => value.Name, value => (string?)value.Value)).Build();
}
