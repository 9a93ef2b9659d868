using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Tests.Ram;

public sealed class RamParametersTests
{
    [Fact]
    public void A_page_has_a_hundred_items_unless_said_otherwise()
    {
        Assert.Equal(new MarkerRequest(null, 100), RamParameters.Page(Requests.Call()));
        Assert.Equal(new MarkerRequest("m", 1000), RamParameters.Page(Requests.Call(("Marker", "m"), ("MaxItems", "1000"))));
        Assert.Equal(new MarkerRequest(null, 1), RamParameters.Page(Requests.Call(("Marker", ""), ("MaxItems", "1"))));
    }

    [Theory, InlineData("System", PolicyType.System), InlineData("Custom", PolicyType.Custom), InlineData("", null)]
    public void A_policy_type_is_system_or_custom(string text, PolicyType? expected) => Assert.Equal(expected, RamParameters.OptionalType(Requests.Call(("PolicyType", text))));

    [Theory, InlineData("true", true), InlineData("True", true), InlineData("false", false), InlineData("", false)]
    public void Truth_values_come_in_any_letter_case(string text, bool expected) => Assert.Equal(expected, RamParameters.Flag(Requests.Call(("SetAsDefault", text)), "SetAsDefault"));

    [Fact]
    public void An_empty_text_clears_and_an_absent_one_does_not()
    {
        Assert.Equal("", RamParameters.Change(Requests.Call(("NewComments", "")), "NewComments"));
        Assert.Null(RamParameters.Change(Requests.Call(), "NewComments"));
        Assert.Equal("x", RamParameters.Change(Requests.Call(("NewComments", "x")), "NewComments"));
    }

    [Fact]
    public void What_the_answer_could_not_quote_is_refused_before_anything_is_done()
    {
        using var buffer = new ResponseBuffer();
        ActionCall call = Requests.Call(("Comments", "a\u0001"));
        Assert.Equal("a\u0001", RamParameters.Quoted(call, "Comments"));
        var error = Assert.Throws<ApiException>(() => RamParameters.Quoted(call with { Response = new XmlResponseWriter(buffer) }, "Comments"));
        Assert.Equal("InvalidParameter.Format", error.Code);
    }
}
