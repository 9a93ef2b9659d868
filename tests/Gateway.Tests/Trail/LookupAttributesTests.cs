using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Trail;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Tests.Trail;

public sealed class LookupAttributesTests
{
    [Fact]
    public void Nothing_looks_for_everything()
    {
        Assert.Empty(LookupAttributes.Read(Requests.Call()));
        Assert.Empty(LookupAttributes.ReadOlder(Requests.Call(("EventName", ""))));
    }

    [Fact]
    public void Attributes_are_in_the_order_of_their_numbers_which_may_leave_some_out() => Assert.Equal(
        [new EventFilter("User", "alice"), new("EventName", "Encrypt"), new("EventName", "Decrypt")],
        LookupAttributes.Read(Requests.Call(
            ("LookupAttribute.10.Key", "EventName"), ("LookupAttribute.10.Value", "Decrypt"), ("LookupAttribute.2.Value", "Encrypt"), ("LookupAttribute.2.Key", "EventName"),
            ("LookupAttribute.1.Key", "User"), ("LookupAttribute.1.Value", "alice"))));

    [Theory]
    [InlineData("LookupAttribute.1=EventName")]
    [InlineData("LookupAttribute=[]")]
    [InlineData("LookupAttribute=")]
    [InlineData("LookupAttribute.1=")]
    [InlineData("LookupAttribute.1.Key=EventName")]
    [InlineData("LookupAttribute.1.Value=Encrypt")]
    [InlineData("LookupAttribute.1.Key=EventName", "LookupAttribute.1.Value=")]
    [InlineData("LookupAttribute.1.Key=", "LookupAttribute.1.Value=Encrypt")]
    [InlineData("LookupAttribute.1.Key=EventName", "LookupAttribute.2.Value=Encrypt")]
    [InlineData("LookupAttribute.0.Key=EventName", "LookupAttribute.0.Value=Encrypt")]
    [InlineData("LookupAttribute.01.Key=EventName", "LookupAttribute.01.Value=Encrypt")]
    [InlineData("LookupAttribute.-1.Key=EventName", "LookupAttribute.-1.Value=Encrypt")]
    [InlineData("LookupAttribute.a.Key=EventName", "LookupAttribute.a.Value=Encrypt")]
    [InlineData("LookupAttribute..Key=EventName", "LookupAttribute..Value=Encrypt")]
    [InlineData("LookupAttribute.1.key=EventName", "LookupAttribute.1.value=Encrypt")]
    [InlineData("LookupAttribute.1.Key.1=EventName", "LookupAttribute.1.Value.1=Encrypt")]
    [InlineData("LookupAttribute.1.Key=EventName", "LookupAttribute.1.Value=Encrypt", "LookupAttribute.2=User")]
    public void What_is_malformed_never_shows_everything(params string[] parameters)
    {
        var call = Requests.Call([.. parameters.Select(p => p.Split('=')).Select(p => (p[0], p[1]))]);
        Assert.Equal("InvalidParameter.LookupAttribute", Assert.Throws<KmsException>(() => LookupAttributes.Read(call)).ApiCode);
    }

    [Fact]
    public void Too_many_are_refused()
    {
        Assert.Equal(EventQuery.MaxAttributes, LookupAttributes.Read(Requests.Call([.. Many(EventQuery.MaxAttributes)])).Length);
        Assert.Equal("InvalidParameter.LookupAttribute", Assert.Throws<KmsException>(() => LookupAttributes.Read(Requests.Call([.. Many(EventQuery.MaxAttributes + 1)]))).ApiCode);

        static IEnumerable<(string, string)> Many(int count) =>
            Enumerable.Range(1, count).SelectMany(i => new[] { ($"LookupAttribute.{i}.Key", "EventName"), ($"LookupAttribute.{i}.Value", "Encrypt") });
    }

    [Theory]
    [InlineData("EventName", "EventName")]
    [InlineData("ServiceName", "ServiceName")]
    [InlineData("EventType", "EventType")]
    [InlineData("EventRW", "EventRW")]
    [InlineData("EventAccessKeyId", "EventAccessKeyId")]
    [InlineData("ResourceType", "ResourceType")]
    [InlineData("ResourceName", "ResourceName")]
    [InlineData("User", "User")]
    [InlineData("Event", "EventId")]
    [InlineData("Request", "EventId")]
    public void The_older_version_has_a_parameter_for_each_key(string parameter, string key) =>
        Assert.Equal([new EventFilter(key, "x")], LookupAttributes.ReadOlder(Requests.Call((parameter, "x"))));

    [Fact]
    public void The_older_version_has_no_third_one()
    {
        Assert.Equal(2, LookupAttributes.ReadOlder(Requests.Call(("EventName", "a"), ("User", "b"))).Length);
        Assert.Equal("InvalidParameter.User", Assert.Throws<KmsException>(() => LookupAttributes.ReadOlder(Requests.Call(("EventName", "a"), ("User", "b"), ("EventRW", "Read")))).ApiCode);
    }
}
