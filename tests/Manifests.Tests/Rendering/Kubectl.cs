using System.Diagnostics;
using System.IO.Compression;

namespace Orleans.Kms.Manifests.Tests.Rendering;

/// <summary>The kubectl of the package in <c>kubectl/</c>, which has it in a zip file. It needs no cluster to render.</summary>
internal static class Kubectl
{
    private static readonly Lazy<string> Program = new(Unpack);

    /// <summary>Where the program is.</summary>
    public static string Path => Program.Value;

    /// <summary>Renders a folder with <c>kubectl kustomize</c>.</summary>
    /// <exception cref="InvalidOperationException">It cannot be rendered; the message is kubectl's.</exception>
    public static string Kustomize(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(Program.Value, ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"kubectl kustomize {folder}: {errors.Result}");
    }

    private static string Unpack()
    {
        var packages = Repository.Find("tests", "Manifests.Tests", "kubectl", "node_modules");
        var archive = Directory.Exists(packages) ? Directory.GetFiles(packages, "layer.zip", SearchOption.AllDirectories).SingleOrDefault() : null;
        if (archive is null) throw new InvalidOperationException("kubectl is missing: run npm ci in tests/Manifests.Tests/kubectl, as test.sh does.");
        var program = System.IO.Path.Combine(AppContext.BaseDirectory, "kubectl");
        using var zip = ZipFile.OpenRead(archive);
        zip.GetEntry("kubectl/kubectl")!.ExtractToFile(program, overwrite: true);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return program;
    }
}
