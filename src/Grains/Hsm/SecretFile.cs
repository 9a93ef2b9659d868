using System.Buffers.Text;
using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Small secrets in files that only the service's user can read.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder and those on the way to it that are not there; nobody else can look into any of them.</summary>
    public static void CreateFolders(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (Path.GetDirectoryName(folder) is { } parent) CreateFolders(parent);
        CreateFolder(folder);
    }

    /// <summary>Makes a folder that nobody else can look into; an existing one is closed to others.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Secret files need file modes.");
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Writes 32 random characters, 192 bits, unless the file is there already. It appears under its name complete and on disk or not at all,
    /// so a run that was killed is just run again.
    /// </summary>
    public static void CreatePin(string path)
    {
        if (File.Exists(path)) return;
        Span<byte> random = stackalloc byte[24];
        Span<byte> text = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        Base64Url.EncodeToUtf8(random, text);
        Write(path, text);
        CryptographicOperations.ZeroMemory(random);
        CryptographicOperations.ZeroMemory(text);
    }

    /// <summary>Replaces the file by one with this content.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Secret files need file modes.");
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 0 };
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Lends the content, without the line end that an editor adds, and wipes it afterwards.</summary>
    /// <exception cref="HsmSetupException">The file is missing, unreadable or empty.</exception>
    public static void Use(string path, Action<byte[]> use)
    {
        var content = Read(path);
        var pin = content.AsSpan().TrimEnd("\r\n"u8).ToArray();
        try
        {
            if (pin.Length == 0) throw new HsmSetupException($"PIN file '{path}' is empty: write the PIN to it.");
            use(pin);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
            CryptographicOperations.ZeroMemory(pin);
        }
    }

    private static byte[] Read(string path)
    {
        try { return File.ReadAllBytes(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HsmSetupException($"PIN file '{path}' cannot be read ({e.GetType().Name}): restore it or correct Kms:Hsm:PinFile.", e);
        }
    }
}
