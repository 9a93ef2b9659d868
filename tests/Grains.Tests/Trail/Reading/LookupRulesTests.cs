using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Reading;

namespace Orleans.Kms.Grains.Tests.Trail.Reading;

public sealed class LookupRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, 500, TimeSpan.Zero);

    [Fact]
    public void Nothing_said_is_the_last_week_in_whole_seconds() => Assert.Equal(
        new LookupWindow(new(2026, 2, 22, 12, 0, 0, TimeSpan.Zero), new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)), LookupWindow.Of(null, null, Now));

    [Theory]
    [InlineData(-3600, 0, "")]
    [InlineData(-3600, -3600, "")]
    [InlineData(-3600, 3600, "")]
    [InlineData(-3600, -3601, "InvalidParameter.EndTime")]
    [InlineData(-30 * 86400, 0, "")]
    [InlineData(-30 * 86400, 1, "InvalidParameter.EndTime")]
    [InlineData(-90 * 86400, -80 * 86400, "")]
    [InlineData(-90 * 86400 - 900, -80 * 86400, "")]
    [InlineData(-90 * 86400 - 902, -80 * 86400, "InvalidParameter.StartTime")]
    [InlineData(null, 0, "MissingStartTime")]
    [InlineData(0, null, "MissingEndTime")]
    public void Times_have_rules(int? start, int? end, string code) => AssertCode(
        code, () => LookupWindow.Of(start is { } s ? Second.AddSeconds(s) : null, end is { } e ? Second.AddSeconds(e) : null, Now));

    [Theory]
    [InlineData("ServiceName", (short)TrailField.ServiceName)]
    [InlineData("EventName", (short)TrailField.EventName)]
    [InlineData("EventType", (short)TrailField.EventType)]
    [InlineData("EventRW", (short)TrailField.EventRW)]
    [InlineData("EventId", (short)TrailField.EventId)]
    [InlineData("User", (short)TrailField.User)]
    [InlineData("EventAccessKeyId", (short)TrailField.EventAccessKeyId)]
    [InlineData("PrincipalId", (short)TrailField.PrincipalId)]
    [InlineData("SourceIpAddress", (short)TrailField.SourceIpAddress)]
    [InlineData("ResourceType", (short)TrailField.ResourceType)]
    [InlineData("ResourceName", (short)TrailField.ResourceName)]
    [InlineData("RoleName", (short)TrailField.RoleName)]
    public void Every_key_has_its_field(string key, short field) => Assert.Equal([((TrailField)field, "x")], LookupFilters.Of([new(key, "x")]));

    [Fact]
    public void Every_field_has_its_key() => Assert.Equal(
        Enum.GetValues<TrailField>().Except([TrailField.All]).Order(), Enum.GetNames<TrailField>().Where(name => name != "All").Select(name => LookupFilters.Of([new(name, "x")])[0].Field).Order());

    [Theory]
    [InlineData("SensitiveAction", "true", "UnsupportedOperation")]
    [InlineData("All", "x", "InvalidParameter.LookupAttribute")]
    [InlineData("eventName", "x", "InvalidParameter.LookupAttribute")]
    [InlineData("", "x", "InvalidParameter.LookupAttribute")]
    [InlineData(null, "x", "InvalidParameter.LookupAttribute")]
    [InlineData("EventName", "", "InvalidParameter.LookupAttribute")]
    [InlineData("EventName", null, "InvalidParameter.LookupAttribute")]
    public void Other_filters_are_refused(string? key, string? value, string code) => AssertCode(code, () => LookupFilters.Of([new(key!, value!)]));

    [Fact]
    public void Filters_have_limits()
    {
        Assert.Single(LookupFilters.Of([new("User", new('a', 1024))]));
        AssertCode("InvalidParameter.LookupAttribute", () => LookupFilters.Of([new("User", new('a', 1025))]));
        Assert.Single(LookupFilters.Of([.. Enumerable.Repeat(new Orleans.Kms.Trail.EventFilter("User", "a"), 20)]));
        AssertCode("InvalidParameter.LookupAttribute", () => LookupFilters.Of([.. Enumerable.Repeat(new Orleans.Kms.Trail.EventFilter("User", "a"), 21)]));
        Assert.Empty(LookupFilters.Of(null));
    }

    private static DateTimeOffset Second => new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static void AssertCode(string code, Action call) => Assert.Equal(code, (Record.Exception(call) as KmsException)?.ApiCode ?? "");
}
