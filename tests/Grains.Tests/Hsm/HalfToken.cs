using System.Buffers.Binary;
using System.Text;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>Token folders as SoftHSM leaves them when it is killed while it makes a token. Two such folders make SoftHSM abort the process that starts it.</summary>
internal static class HalfToken
{
    private const ulong LabelAttribute = 0x8000_5349;
    private const ulong ByteString = 3;

    public static void Write(string tokens, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(tokens, name)).FullName;
        var label = Encoding.ASCII.GetBytes("half".PadRight(32));
        File.WriteAllBytes(
            Path.Combine(folder, "token.object"),
            [.. BigEndian(1), .. BigEndian(LabelAttribute), .. BigEndian(ByteString), .. BigEndian((ulong)label.Length), .. label]);
        File.WriteAllBytes(Path.Combine(folder, "token.lock"), []);
    }

    private static byte[] BigEndian(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
