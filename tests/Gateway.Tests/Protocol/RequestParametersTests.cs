using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Tests.Protocol;

public sealed class RequestParametersTests
{
    [Theory]
    [InlineData("a=b", "b")]
    [InlineData("a=b%20c", "b c")]
    [InlineData("a=b+c", "b c")]
    [InlineData("a=b%2Bc%2bd", "b+c+d")]
    [InlineData("a=%E5%AF%86%e9%92%a5", "密钥")]
    [InlineData("a=%F0%9F%98%80", "😀")]
    [InlineData("%61=x", "x")]
    [InlineData("a=b=c", "b=c")]
    [InlineData("&&a=b&&", "b")]
    [InlineData("a=", null)]
    [InlineData("a", null)]
    [InlineData("A=b", null)]
    public void Values_are_decoded(string query, string? expected)
    {
        using var parameters = Requests.Parameters(query);
        Assert.Equal(expected, parameters.Text("a"));
    }

    [Theory]
    [InlineData("a=%")]
    [InlineData("a=%4")]
    [InlineData("a=%4G")]
    [InlineData("a=%FF")]
    [InlineData("a=%C0%80")]
    [InlineData("a=%ED%A0%80")]
    [InlineData("=b")]
    public void What_is_not_percent_encoded_utf8_is_refused(string query) =>
        Assert.Equal("ParseRequestParameterException", Assert.Throws<ApiException>(() => Requests.Parameters(query)).Code);

    [Theory]
    [InlineData("a=1&b=2&a=1", "")]
    [InlineData("a=1", "a=1")]
    [InlineData("a=1", "%61=2")]
    public void A_name_given_twice_is_refused_by_name(string query, string form)
    {
        var error = Assert.Throws<KmsException>(() => Requests.Parameters(query, form));
        Assert.Equal("The specified parameter a is not valid.", error.Message);
    }

    [Fact]
    public void Names_are_sorted_by_bytes_over_query_and_form()
    {
        using var parameters = Requests.Parameters("b=1&a.b=2&%C3%A9=3&B=4", "a=5&a-b=6");
        Assert.Equal("B a a-b a.b b é", string.Join(' ', Enumerable.Range(0, parameters.Count).Select(i => Encoding.UTF8.GetString(parameters.Name(i)))));
        Assert.Equal([true, false, false, true, true, true], Enumerable.Range(0, parameters.Count).Select(parameters.IsFromQuery));
    }

    [Theory]
    [InlineData(RequestParameters.MaxCount, true)]
    [InlineData(RequestParameters.MaxCount + 1, false)]
    public void Their_number_is_bounded(int count, bool accepted)
    {
        var error = Record.Exception(() => Requests.Parameters(string.Join('&', Enumerable.Range(0, count).Select(i => $"p{i}=x"))).Dispose());
        Assert.Equal(accepted ? null : "RequestTooLarge", (error as ApiException)?.Code);
    }

    [Theory]
    [InlineData(RequestParameters.MaxNameLength, true)]
    [InlineData(RequestParameters.MaxNameLength + 1, false)]
    public void The_length_of_names_is_bounded(int length, bool accepted)
    {
        var error = Record.Exception(() => Requests.Parameters(new string('n', length) + "=x").Dispose());
        Assert.Equal(accepted ? null : "ParseRequestParameterException", (error as ApiException)?.Code);
    }
}
