using System.Text.Json;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>Reads whole documents: Version and Statement.</summary>
internal static class PolicyParser
{
    /// <summary>The statements of a document.</summary>
    /// <exception cref="PolicyFormatException">The document is malformed.</exception>
    public static IReadOnlyList<ParsedStatement> Parse(string json, int maxLength, DocumentKind kind)
    {
        var reader = new PolicyReader(json, maxLength);
        List<ParsedStatement>? statements = null;
        var seen = new HashSet<string>();
        reader.EnterObject("the document");
        while (reader.Token == JsonTokenType.PropertyName)
        {
            var name = reader.Name(seen);
            switch (name.Text)
            {
                case "Version": ReadVersion(ref reader); break;
                case "Statement": statements = Statements(ref reader, kind); break;
                default: throw reader.Error($"unknown element {PolicyFormatException.Shown(name.Text)}", name.Offset);
            }
        }
        if (!seen.Contains("Version")) throw reader.Error("the document has no Version");
        if (statements is null) throw reader.Error("the document has no Statement");
        // Behind the document there is white space at most: anything else is refused here.
        reader.Next();
        return statements;
    }

    private static void ReadVersion(ref PolicyReader reader)
    {
        var version = reader.String("Version");
        if (version.Text != "1") throw reader.Error("Version must be \"1\"", version.Offset);
    }

    private static List<ParsedStatement> Statements(ref PolicyReader reader, DocumentKind kind)
    {
        if (reader.Token == JsonTokenType.StartObject) return [StatementParser.Parse(ref reader, kind)];
        if (reader.Token != JsonTokenType.StartArray) throw reader.Error("Statement must be a list of statements");
        var begin = reader.Offset;
        var statements = new List<ParsedStatement>();
        for (reader.Next(); reader.Token != JsonTokenType.EndArray;)
        {
            if (statements.Count == PolicyLimits.Statements) throw reader.Error($"the document has more than {PolicyLimits.Statements} statements");
            statements.Add(StatementParser.Parse(ref reader, kind));
        }
        if (statements.Count == 0) throw reader.Error("Statement is empty", begin);
        reader.Next();
        return statements;
    }
}
