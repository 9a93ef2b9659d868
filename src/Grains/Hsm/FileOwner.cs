using System.Runtime.InteropServices;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Whose files are whose.</summary>
internal static partial class FileOwner
{
    // Of Linux's statx, the same on every processor.
    private const int CurrentFolder = -100;
    private const uint OwnerWanted = 8;
    private const int OwnerOffset = 20;
    private const int StatusBytes = 256;

    /// <summary>Whether the user that this process runs as owns the file. What root makes beside a service of another user, that service cannot read.</summary>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static bool IsThisUser(string path)
    {
        var status = new byte[StatusBytes];
        if (Status(CurrentFolder, path, 0, OwnerWanted, status) != 0) throw new IOException($"{path} cannot be looked at (error {Marshal.GetLastPInvokeError()}).");
        return BitConverter.ToUInt32(status, OwnerOffset) == EffectiveUser();
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, [Out] byte[] status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
