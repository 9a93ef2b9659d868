using System.Text.Json;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What something that an operator had done has to tell.</summary>
/// <param name="Detail">With what it was done.</param>
/// <param name="RootKeyVersion">The root key that it was about.</param>
/// <param name="Outcome">How it ended; null if nobody knows.</param>
internal readonly record struct OperatorContent(string Detail, int? RootKeyVersion, string? Outcome) : IEventContent
{
    private const string Done = "done: ";
    private const string Failed = "failed: ";

    /// <summary>How it failed; null if it did not, or nobody knows.</summary>
    public static EventFailure? Failure(string? outcome) => outcome?.StartsWith(Failed, StringComparison.Ordinal) == true ? new("Failed", outcome[Failed.Length..]) : null;

    public void FindResources(EventResources resources) { }

    public void WriteParameters(EventJson json)
    {
        json.Text("Detail", Detail);
        if (RootKeyVersion is { } version) json.Number(JsonEncodedText.Encode("RootKeyVersion"), version);
    }

    public void WriteResponse(EventJson json)
    {
        if (Outcome?.StartsWith(Failed, StringComparison.Ordinal) == true) return;
        json.BeginObject(EventFields.ResponseElements);
        json.Text("Outcome", Outcome is null ? "not known" : Outcome.StartsWith(Done, StringComparison.Ordinal) ? Outcome[Done.Length..] : Outcome);
        json.EndObject();
    }
}
