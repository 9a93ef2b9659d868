using System.Reflection;
using System.Text;
using Orleans.Kms.Access;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Docs;

/// <summary>The table in docs/ram.md is made from the attributes; a difference fails. To write it anew: <c>KMS_WRITE_DOCS=1 dotnet test tests/Grains.Tests --filter RamTable</c>.</summary>
public sealed class RamTableTests
{
    private const string Mark = "<!-- table -->\n";

    private static string File => Path.Combine(ApiTableTests.Root(), "docs", "ram.md");

    [Fact]
    public void The_table_is_up_to_date()
    {
        var page = System.IO.File.ReadAllText(File);
        var made = page[..(page.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)] + Table();
        if (Environment.GetEnvironmentVariable("KMS_WRITE_DOCS") == "1") System.IO.File.WriteAllText(File, made);
        Assert.Equal(made, System.IO.File.ReadAllText(File));
    }

    private static string Table()
    {
        var text = new StringBuilder("\n| action | access | resources | conditions |\n| --- | --- | --- | --- |\n");
        foreach (var methods in Methods().GroupBy(row => row.Action.RamName).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var action = methods.First().Action;
            var conditions = methods.SelectMany(row => Conditions(row.Action, row.Method)).Distinct();
            text.Append(null, $"| {action.RamName} | {(action.Access == ActionAccess.Read ? "read" : "write")} | {Resources(action)} | {string.Join(", ", conditions)} |\n");
        }
        return text.ToString();
    }

    private static IEnumerable<(ActionAttribute Action, MethodInfo Method)> Methods() =>
        from type in typeof(ActionAttribute).Assembly.GetTypes()
        where type.IsInterface
        from method in type.GetMethods()
        let action = method.GetCustomAttribute<ActionAttribute>()
        where action is not null
        select (action, method);

    private static string Resources(ActionAttribute action) => action switch
    {
        KmsActionAttribute kms => kms.Resource switch
        {
            ResourceKind.KeyContainer => "`key`",
            ResourceKind.Key => "`key/ID`",
            ResourceKind.Keys => "`key/ID` of each CMK named; `key` if none is",
            ResourceKind.SourceAndDestination => "`key/ID`: kms:ReEncryptFrom on the CMK that decrypts, kms:ReEncryptTo on the one that encrypts",
            ResourceKind.Alias => action.Action == "UpdateAlias" ? "`alias/NAME`, `key/ID` of the present and of the new CMK" : "`alias/NAME`, `key/ID` of its CMK",
            ResourceKind.AliasContainer => "`alias`",
            ResourceKind.Service => "`*`",
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        },
        RamActionAttribute ram => ram.Resources.Count == 0 ? "none: always allowed" : string.Join(", ", ram.Resources.Select(Name)),
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static string Name(string template) => template switch
    {
        "{roleArn}" => "`role/NAME`, of the role's account",
        _ when template.Contains('{', StringComparison.Ordinal) => $"`{template[..template.IndexOf('{', StringComparison.Ordinal)]}NAME`",
        _ => $"`{template}`",
    };

    private static IEnumerable<string> Conditions(ActionAttribute action, MethodInfo method)
    {
        if (action is KmsActionAttribute { Resource: ResourceKind.Key or ResourceKind.Keys or ResourceKind.SourceAndDestination or ResourceKind.Alias }) yield return "kms:tag, acs:ResourceTag";
        var types = method.GetParameters().Select(parameter => parameter.ParameterType).ToHashSet();
        if (types.Contains(typeof(Tag[])) || types.Contains(typeof(KeySettings))) yield return "acs:RequestTag";
        if (types.Contains(typeof(EncryptionContext)) || types.Contains(typeof(EncryptionAlgorithm))) yield return "kms:EncryptionAlgorithm";
        if (types.Contains(typeof(EncryptionContext))) yield return "kms:EncryptionContext";
        if (action.RamName == "sts:AssumeRole") yield return "sts:ExternalId (trust policy)";
    }
}
