using System.Security.Cryptography;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Sealing;

/// <summary>Root keys in a file, for want of a token: lines as in <see cref="RootKeyLines"/>. Whoever can read it has the keys, so only its owner may.</summary>
internal static class RootKeyFile
{
    private const UnixFileMode OthersToo =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads a file that is there.</summary>
    /// <exception cref="HsmSetupException">It is missing or malformed, or others than its owner may use it.</exception>
    public static RootKeyRing Read(string path)
    {
        var content = ReadContent(path);
        try { return Parse(path, content); }
        finally { CryptographicOperations.ZeroMemory(content); }
    }

    /// <summary>Reads the file, which is made with version 1 if it is not there; on disk when this returns.</summary>
    /// <exception cref="HsmSetupException">As <see cref="Read"/>, or it cannot be written.</exception>
    public static RootKeyRing ReadOrCreate(string path)
    {
        if (File.Exists(path)) return Read(path);
        using (Lock(path))
        {
            if (!File.Exists(path)) Write(path, [], version: 1);
        }
        return Read(path);
    }

    /// <summary>Adds the next version with a new key, and gives its number. The file changes whole or not at all, and is on disk when this returns.</summary>
    /// <exception cref="HsmSetupException">As <see cref="Read"/>, or it cannot be written.</exception>
    public static int AddVersion(string path)
    {
        using var changing = Lock(path);
        var content = ReadContent(path);
        try
        {
            using var keys = Parse(path, content);
            var version = checked(keys.NewestVersion + 1);
            Write(path, content, version);
            return version;
        }
        finally { CryptographicOperations.ZeroMemory(content); }
    }

    private static RootKeyRing Parse(string path, ReadOnlySpan<byte> content)
    {
        try { return new(path, RootKeyLines.Parse(content)); }
        catch (FormatException e) { throw new HsmSetupException($"Root key file '{path}' is malformed, {e.Message}: restore it from its backup.", e); }
    }

    private static byte[] ReadContent(string path)
    {
        RequireFileModes();
        try
        {
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, BufferSize = 0 });
            if ((File.GetUnixFileMode(file.SafeFileHandle) & OthersToo) != 0) throw OpenToOthers(path);
            if (file.Length > MaxBytes) throw new HsmSetupException($"Root key file '{path}' is longer than {MaxBytes} bytes: restore it from its backup.");
            var content = GC.AllocateArray<byte>((int)file.Length, pinned: true);
            file.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new HsmSetupException($"Root key file '{path}' is missing: restore it from its backup, or correct Kms:RootKeyFile.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HsmSetupException($"Root key file '{path}' cannot be read ({e.Message}): make it a file that this user can read.", e);
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> content, int version)
    {
        var key = GC.AllocateArray<byte>(RootKeyLines.KeyBytes, pinned: true);
        byte[] longer = [];
        try
        {
            RandomNumberGenerator.Fill(key);
            longer = RootKeyLines.Append(content, version, key);
            SecretFile.Write(path, longer);
            // The name, too, has to be on disk before a database refers to the key.
            SoftHsmToken.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(longer);
        }
    }

    // Of two that change the file at once, one would lose the other's key. The lock ends with the process, however it ends.
    private static FileStream Lock(string path)
    {
        RequireFileModes();
        try { return new(path + ".lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 }); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw NotWritable(path, e); }
    }

    private static void RequireFileModes()
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Secret files need file modes.");
    }

    private static HsmSetupException OpenToOthers(string path) => new(
        $"Root key file '{path}' is open to others than its owner: give it mode 0600 (chmod 600), and use new root keys if somebody can have read it.");

    private static HsmSetupException NotWritable(string path, Exception e) => new(
        $"Root key file '{path}' cannot be written ({e.Message}): let Kms:RootKeyFile name a file in a folder that this user can write, "
        + "and change it from one process at a time.", e);
}
