using System.Text.RegularExpressions;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>What a Dockerfile says of one of its targets.</summary>
/// <param name="Name">Name and version that its <c>docker build</c> line gives it.</param>
/// <param name="File">The Dockerfile.</param>
/// <param name="Stages">The target's stages, the target last, what it is made from before it; without what is copied from others.</param>
internal sealed partial record Image(string Name, string File, IReadOnlyList<DockerStage> Stages)
{
    /// <summary>All images of the repository.</summary>
    public static IReadOnlyList<Image> All { get; } = [.. Directory.GetFiles(Repository.Find("k8s", "docker"), "*.Dockerfile").Order(StringComparer.Ordinal).SelectMany(Of)];

    /// <summary>The command that builds the program, as it stands in the build stage.</summary>
    public string Publish => DockerStage.Read(File).SelectMany(stage => stage.All("RUN")).Single(command => command.StartsWith("dotnet publish ", StringComparison.Ordinal));

    /// <summary>The program and its first arguments.</summary>
    public IReadOnlyList<string> Entrypoint => DockerStage.List(Last("ENTRYPOINT"));

    /// <summary>Who it runs as if nobody says otherwise.</summary>
    public string User => Last("USER");

    /// <summary>Variables beside those of the base image.</summary>
    public IReadOnlyDictionary<string, string> Environment => Stages.SelectMany(stage => stage.All("ENV")).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Files of the repository that are copied into the image: source and place.</summary>
    public IEnumerable<(string Source, string Place)> Copies => Stages.SelectMany(stage => stage.All("COPY")).Where(line => !line.Contains("--from=", StringComparison.Ordinal))
        .Select(line => line.Split(' ').Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToArray()).Select(words => (words[0], words[1]));

    /// <summary>Whether a package, or the library of one, is installed in it.</summary>
    public bool Installs(string package) => Stages.SelectMany(stage => stage.All("RUN")).Any(command => command.Contains(package, StringComparison.Ordinal));

    /// <summary>Where the program is.</summary>
    public string Folder => Last("WORKDIR");

    private string Last(string instruction) => Stages.SelectMany(stage => stage.All(instruction)).Last();

    private static IEnumerable<Image> Of(string file)
    {
        var stages = DockerStage.Read(file);
        foreach (Match build in BuildLine().Matches(System.IO.File.ReadAllText(file)))
        {
            var target = build.Groups["target"].Success ? build.Groups["target"].Value : stages[^1].Name;
            yield return new(build.Groups["tag"].Value, file, [.. Chain(stages, target).Reverse()]);
        }
    }

    private static IEnumerable<DockerStage> Chain(IReadOnlyList<DockerStage> stages, string name)
    {
        for (var stage = stages.SingleOrDefault(stage => stage.Name == name); stage is not null; stage = stages.SingleOrDefault(other => other.Name == stage.From)) yield return stage;
    }

    [GeneratedRegex(@"^#\s+docker build --file (?<file>\S+)( --target (?<target>\S+))? --tag (?<tag>\S+) \.$", RegexOptions.Multiline)]
    private static partial Regex BuildLine();
}
