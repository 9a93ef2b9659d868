using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>A PIN in a file that only its owner reads.</summary>
internal static class PinFile
{
    private const int PinLength = 32;

    /// <summary>Makes a file with a random PIN of 32 characters, unless it is there. The file appears whole or not at all.</summary>
    public static void Ensure(string path)
    {
        if (File.Exists(path)) return;
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(PinLength, lowercase: true)));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path);
    }

    /// <summary>Lends the PIN to <paramref name="use"/> and wipes it afterwards.</summary>
    /// <exception cref="HsmSetupException">The file cannot be read.</exception>
    public static void Use(string path, Action<byte[]> use)
    {
        byte[] pin;
        try { pin = File.ReadAllBytes(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HsmSetupException($"The PIN file {path} cannot be read; restore it, or make it readable for this user.");
        }
        var trimmed = pin.AsSpan().TrimEnd("\r\n"u8).ToArray();
        try { use(trimmed); }
        finally
        {
            CryptographicOperations.ZeroMemory(trimmed);
            CryptographicOperations.ZeroMemory(pin);
        }
    }
}
