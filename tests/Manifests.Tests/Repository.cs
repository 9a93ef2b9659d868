using System.Reflection;

namespace Orleans.Kms.Manifests.Tests;

/// <summary>Where the files under test are.</summary>
internal static class Repository
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Metadata("Root"));

    /// <summary>The version of the programs.</summary>
    public static string Version { get; } = Metadata("Version");

    /// <summary>The full path of a file or folder.</summary>
    public static string Find(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
