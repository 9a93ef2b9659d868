namespace Orleans.Kms.Silo.Storage;

/// <summary>The SQL scripts in the program.</summary>
internal static class EmbeddedScript
{
    /// <summary>The text of a script, which is named without its ending.</summary>
    public static string Read(string name)
    {
        var resource = $"Orleans.Kms.Silo.Storage.Scripts.{name}.sql";
        using var stream = typeof(EmbeddedScript).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"No script {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
