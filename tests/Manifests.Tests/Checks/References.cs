namespace Orleans.Kms.Manifests.Tests.Checks;

/// <summary>What k8s/README.md says that the operator makes: its table of secrets.</summary>
internal static class References
{
    /// <summary>The keys of each secret; none are told where they are the operator's choice.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Secrets { get; } = File.ReadLines(Repository.Find("k8s", "README.md"))
        .SkipWhile(line => !line.StartsWith("| secret |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => Quoted(cells[1]).Single(), cells => Quoted(cells[2]));

    private static IReadOnlyList<string> Quoted(string cell) => [.. cell.Split('`').Where((_, index) => index % 2 == 1)];
}
