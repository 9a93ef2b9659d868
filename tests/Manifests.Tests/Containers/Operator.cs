using System.Diagnostics;
using k8s.Models;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>
/// Types what k8s/README.md says, into one shell. Its <c>kubectl</c> runs what is to be executed in a pod there, and makes secrets with the real one; whatever else it is asked for is the test's to do.
/// </summary>
internal sealed class Operator
{
    private readonly string _folder;
    private readonly Node _node;

    public Operator(Node node)
    {
        _node = node;
        _folder = Path.Combine(node.Root, "operator");
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
    }

    /// <summary>A file of the operator's.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Runs the code of a section, and takes over the secrets that it made.</summary>
    /// <param name="section">The heading.</param>
    /// <param name="environment">Variables that the README leaves to the operator.</param>
    /// <param name="pods">Pods that commands may be executed in, with the container.</param>
    public void Do(string section, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<(Pod Pod, string Container)> pods)
    {
        WriteKubectl(pods);
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", Code(section)]) { WorkingDirectory = _folder, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment["PATH"] = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{section}: {errors}");
        foreach (var file in Directory.GetFiles(_folder, "*.secret"))
        {
            var secret = (V1Secret)StrictYaml.Read(File.ReadAllText(file), typeof(V1Secret));
            _node.Secrets[secret.Metadata.Name] = secret.Data.ToDictionary();
        }
    }

    private static string Code(string section)
    {
        var lines = File.ReadLines(Repository.Find("k8s", "README.md")).SkipWhile(line => line != $"## {section}").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        var code = new List<string>();
        var inside = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) inside = line == "```sh";
            else if (inside) code.Add(line);
        }
        return code.Count > 0 ? string.Join('\n', code) : throw new InvalidDataException($"k8s/README.md has no code in '{section}'.");
    }

    private void WriteKubectl(IReadOnlyList<(Pod Pod, string Container)> pods)
    {
        var cases = pods.Select(target => $"  {target.Pod.Name}/{target.Container}) exec {string.Join(' ', target.Pod.Enter(target.Container).Select(Quoted))} \"$@\" ;;");
        var script = $$"""
            #!/usr/bin/env bash
            set -euo pipefail
            case "$*" in
              *" create secret "*) exec {{Quoted(Kubectl.Path)}} "$@" --dry-run=client --output yaml >"{{_folder}}/$(printf '%s' "$*" | sha256sum | cut -c1-16).secret" ;;
              *" exec "*) ;;
              *) exit 0 ;;
            esac
            input=/dev/null
            while [ "$1" != -- ]; do
              case "$1" in
                -n|-c) [ "$1" = -c ] && container=$2; shift ;;
                -i) input=/dev/stdin ;;
                exec) ;;
                *) pod=$1 ;;
              esac
              shift
            done
            shift
            exec <"$input"
            case "$pod/$container" in
            {{string.Join('\n', cases)}}
              *) echo "There is no $pod/$container." >&2; exit 1 ;;
            esac
            """;
        var path = Path.Combine(_folder, "bin", "kubectl");
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
