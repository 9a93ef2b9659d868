using System.Text.Json;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>One stage of a Dockerfile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">The image or stage that it begins with.</param>
/// <param name="Instructions">The others, with the lines that they go over joined.</param>
internal sealed record DockerStage(string Name, string From, IReadOnlyList<(string Name, string Text)> Instructions)
{
    /// <summary>The stages of a file. Each has a name.</summary>
    public static IReadOnlyList<DockerStage> Read(string file)
    {
        var lines = File.ReadAllText(file).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0 && line[0] != '#');
        var stages = new List<(string From, List<(string, string)> Instructions)>();
        foreach (var parts in lines.Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries)))
        {
            if (parts[0] == "FROM") stages.Add((parts[1], []));
            else stages[^1].Instructions.Add((parts[0], parts[1]));
        }
        return [.. stages.Select(stage => stage.From.Split(" AS ") is [var from, var name]
            ? new DockerStage(name, from, stage.Instructions)
            : throw new InvalidDataException($"{file} has a stage without a name."))];
    }

    /// <summary>A list of words in the form of JSON, as it takes no shell.</summary>
    public static IReadOnlyList<string> List(string text) => JsonSerializer.Deserialize<string[]>(text)!;

    /// <summary>The texts of all instructions of a name.</summary>
    public IEnumerable<string> All(string name) => Instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Text);
}
