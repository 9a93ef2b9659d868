using System.Text.Json;

namespace Orleans.Kms.Grains.Tests.Vectors;

/// <summary>Published test vectors; each file names its source. Binary values are hexadecimal.</summary>
internal static class VectorFile
{
    public static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", name)))!;

    public static byte[] Hex(string text) => Convert.FromHexString(text);
}
