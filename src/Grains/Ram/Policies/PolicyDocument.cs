namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>A document of an identity's policy or of a session, parsed and ready to be evaluated.</summary>
internal sealed class PolicyDocument
{
    private PolicyDocument(IReadOnlyList<Statement> statements) => Statements = statements;

    /// <summary>At least one, in the order of the document.</summary>
    public IReadOnlyList<Statement> Statements { get; }

    /// <summary>Reads a document of at most <paramref name="maxLength"/> characters.</summary>
    /// <exception cref="PolicyFormatException">The document is malformed.</exception>
    public static PolicyDocument Parse(string json, int maxLength) =>
        new([.. PolicyParser.Parse(json, maxLength, DocumentKind.Identity).Select(parsed => parsed.Statement)]);
}
