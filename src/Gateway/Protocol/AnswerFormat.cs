using Microsoft.AspNetCore.Http;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>In which format a caller wants its answer.</summary>
internal static class AnswerFormat
{
    /// <summary>Whether the Accept header asks for XML and not for JSON.</summary>
    public static bool AcceptsXmlOnly(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("xml", StringComparison.OrdinalIgnoreCase) && !accept.Contains("json", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether XML is wanted: by the parameter <c>Format</c> in any letter case, otherwise by the Accept header. JSON is the default.</summary>
    /// <exception cref="ApiException">Format is neither.</exception>
    public static bool IsXml(HttpRequest request, RequestParameters parameters)
    {
        var format = parameters.Text("Format");
        if (format is null) return AcceptsXmlOnly(request);
        if (format.Equals("XML", StringComparison.OrdinalIgnoreCase)) return true;
        return format.Equals("JSON", StringComparison.OrdinalIgnoreCase)
            ? false
            : throw new ApiException(400, "InvalidParameter.Format", "Specified parameter Format is not valid: use JSON or XML.");
    }
}
