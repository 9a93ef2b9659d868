using Microsoft.Extensions.Configuration;
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

    // The token is not loaded to read settings, but its module has to be named.
    private static Settings Read(params string[] lines)
    {
        var values = lines.Select(line => line.Split('=', 2)).ToDictionary(pair => "Kms:" + pair[0], pair => (string?)pair[1]);
        values.TryAdd("Kms:Hsm:ModulePath", TokenFixture.ModulePath);
        return Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), Arguments.Parse([]));
    }
}
