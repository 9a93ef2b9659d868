namespace Orleans.Kms.Trail;

/// <summary>
/// How a call named its CMK where that was not by its id: the trail tells what was sent. What was meant is told by the grain that is called, so a wrong name deceives nobody.
/// </summary>
public static class SentKeyName
{
    /// <summary>The longest name that is told, in characters: an ARN with the longest alias.</summary>
    public const int MaxLength = 512;

    private const string Prefix = "kms.sent.";

    /// <summary>Attaches the name to the grain calls that this asynchronous flow makes from now on.</summary>
    /// <param name="parameter">The API's parameter, for example <c>KeyId</c>.</param>
    /// <param name="name">Its value.</param>
    public static void Attach(string parameter, string name) => RequestContext.Set(PlaceOf(parameter), name);

    /// <summary>The name attached to the current call; null if there is none.</summary>
    public static string? Of(string parameter) => RequestContext.Get(PlaceOf(parameter)) is string { Length: <= MaxLength } name ? name : null;

    // Asked for with every call.
    private static string PlaceOf(string parameter) => parameter switch
    {
        "KeyId" => Prefix + "KeyId",
        _ => Prefix + parameter,
    };
}
