namespace Orleans.Kms.Cluster.Tests.History;

/// <summary>The names of what is written, apart from a key's state, whose name is the key's id.</summary>
internal static class Subjects
{
    public static string Description(string keyId) => $"description of {keyId}";

    public static string Tag(string keyId) => $"tag of {keyId}";
}
