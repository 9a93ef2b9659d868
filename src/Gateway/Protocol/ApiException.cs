namespace Orleans.Kms.Gateway.Protocol;

/// <summary>A failure that the gateway itself finds, or tells in its own words; carries the gateway's own codes.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The API's code.</param>
/// <param name="message">What the caller did wrong.</param>
internal sealed class ApiException(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The API's code.</summary>
    public string Code { get; } = code;

    /// <summary>Whether the trail has the failed call already.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The failure of a missing common parameter.</summary>
    public static ApiException Missing(string parameter) => new(400, "Missing" + parameter, $"{parameter} is mandatory for this action.");

    /// <summary>The failure of a request that cannot be taken apart.</summary>
    public static ApiException Malformed(string what) =>
        new(400, "ParseRequestParameterException", $"Server parse parameters exception. Please check your input params: {what}.");

    /// <summary>The failure of a request that is too large.</summary>
    public static ApiException TooLarge(string what) => new(413, "RequestTooLarge", $"The request is too large: {what}.");

    /// <summary>The failure of a signature that has not the form of one.</summary>
    public static ApiException IncompleteSignature() =>
        new(400, "IncompleteSignature", "The request signature does not conform to Alibaba Cloud standards.");
}
