using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

/// <summary>Documents and questions as the tests need them.</summary>
internal static class Asking
{
    public const string Account = "1000000000000001";
    public const string Alice = $"acs:ram::{Account}:user/alice";
    public const string Key = $"acs:kms:local-1:{Account}:key/1234abcd";

    public static readonly AccessRequest Encrypt = Request("kms:Encrypt");

    public static AccessRequest Request(string action, string resource = Key, params Tag[] tags) =>
        new() { Action = action, Resource = resource, PrincipalArn = Alice, Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), ResourceTags = tags };

    /// <summary>A document of some statements, or of the inner parts of statements.</summary>
    public static string Document(params string[] statements) => $$"""{"Version":"1","Statement":[{{string.Join(',', statements)}}]}""";

    public static string Statement(string effect, string action, string resource, string? condition = null) =>
        $$"""{"Effect":"{{effect}}","Action":"{{action}}","Resource":"{{resource}}"{{(condition is null ? "" : $",\"Condition\":{condition}")}}}""";

    public static NamedPolicy Policy(string document, string name = "policy") => new("Custom", name, "v1", PolicyDocument.Parse(document, int.MaxValue));

    public static PolicySet Set(params string[] documents) => new([.. documents.Select((document, i) => Policy(document, $"policy-{i + 1}"))]);

    public static Verdict Ask(string document, in AccessRequest request) => Set(document).Evaluate(in request);

    /// <summary>Whether a condition holds.</summary>
    public static bool Holds(string condition, in AccessRequest request) =>
        Ask(Document(Statement("Allow", "*", "*", condition)), in request) == Verdict.Allow;
}
