using System.Text;
using Microsoft.AspNetCore.Http;
using Orleans.Kms.Access;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Tests;

/// <summary>Requests as the parser sees them.</summary>
internal static class Requests
{
    public static RequestFacts Facts { get; } = new("id", "127.0.0.1", "", "", false);

    public static HttpRequest Http(string method, string query, string? contentType = null, params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Path = "/";
        request.QueryString = new(query.Length == 0 ? "" : "?" + query);
        foreach (var (name, value) in headers) request.Headers[name] = value;
        if (contentType is not null) request.ContentType = contentType;
        return request;
    }

    public static RequestParameters Parameters(string query, string form = "")
    {
        var parameters = new RequestParameters(query.Length + form.Length);
        parameters.AddEncoded(Encoding.ASCII.GetBytes(query), fromQuery: true);
        parameters.AddEncoded(Encoding.UTF8.GetBytes(form), fromQuery: false);
        parameters.Complete();
        return parameters;
    }

    /// <summary>A call of an action with these parameters, which reaches no grain.</summary>
    public static ActionCall Call(params (string Name, string Value)[] parameters)
    {
        var query = string.Join('&', parameters.Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(p.Value)}"));
        return new(Parameters(query), new JsonResponseWriter(new ResponseBuffer()), null!, "1000000000000001", new GatewayOptions());
    }
}
