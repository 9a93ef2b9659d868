using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>The files that <c>docker build</c> would be given, in a folder of their own, and the programs built from them by the Dockerfiles' commands.</summary>
public sealed class BuildContext : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-build-");
    private readonly Dictionary<string, string> _published = [];

    public BuildContext() => CopyContext();

    /// <summary>Builds the program of an image, once, and gives its folder.</summary>
    internal string Publish(Image image)
    {
        if (_published.TryGetValue(image.File, out var done)) return done;
        var output = Path.Combine(_folder.FullName, "publish", Path.GetFileNameWithoutExtension(image.File));
        var words = image.Publish.Split(' ').Select(word => word == "/publish" ? output : word).ToArray();
        Assert.Contains(output, words);
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { WorkingDirectory = Source };
        // Of the build that runs the tests; and no helper may outlive the command, or nobody could wait for its output to end.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"]) = ("1", "false");
        Command.Run(start);
        return _published[image.File] = output;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Source => Path.Combine(_folder.FullName, "source");

    private void CopyContext()
    {
        string[] ignores = [.. Directory.GetFiles(Repository.Find("k8s", "docker"), "*.dockerignore").Select(File.ReadAllText).Distinct()];
        var rules = Assert.Single(ignores).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(Rule).ToArray();
        foreach (var path in Directory.EnumerateDirectories(Repository.Root).Where(folder => Path.GetFileName(folder) != ".git").SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root)).Select(file => Path.GetRelativePath(Repository.Root, file)).Where(path => IsGiven(rules, path)))
        {
            var copy = Path.Combine(Source, path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.Find(path), copy);
        }
    }

    // The last rule that is of the file or of a folder that it is in decides.
    private static bool IsGiven((Regex Pattern, bool Given)[] rules, string path)
    {
        var given = true;
        foreach (var (pattern, decision) in rules)
        {
            if (pattern.IsMatch(path)) given = decision;
        }
        return given;
    }

    private static (Regex Pattern, bool Given) Rule(string line)
    {
        var given = line[0] == '!';
        var pattern = Regex.Escape(given ? line[1..] : line).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        return (new($"^{pattern}(/|$)", RegexOptions.CultureInvariant), given);
    }
}
