namespace Orleans.Kms.Trail;

/// <summary>A call that was authenticated and then refused before it came to the grain that would have carried it out: a malformed parameter, an alias that there is not.</summary>
/// <param name="Action">What was called.</param>
/// <param name="Parameters">The parameters as they were sent; what may not be recorded is left out.</param>
/// <param name="ErrorCode">The code in the answer.</param>
/// <param name="ErrorMessage">The message in the answer.</param>
[GenerateSerializer, Immutable, Alias("kms.refused-call")]
public sealed record RefusedCall(
    [property: Id(0)] ApiAction Action, [property: Id(1)] KeyValuePair<string, string>[] Parameters, [property: Id(2)] string ErrorCode, [property: Id(3)] string ErrorMessage);
