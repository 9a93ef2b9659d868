using System.Runtime.InteropServices;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>
/// A folder, with one file for each object. A file system that hangs takes a thread with it, so there are few at a time; and the folder itself is never made, as an empty one in the place of
/// one that is not mounted would take the events.
/// </summary>
internal sealed partial class FolderBucket(string folder) : IBucket, IDisposable
{
    private const int Threads = 4;

    private readonly string _folder = Path.TrimEndingDirectorySeparator(folder);
    private readonly SemaphoreSlim _threads = new(Threads, Threads);

    public async Task Write(string name, byte[] content, CancellationToken cancellation)
    {
        await _threads.WaitAsync(cancellation);
        var work = Task.Factory.StartNew(() => WriteAndRelease(name, content), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try { await work.WaitAsync(cancellation); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new BucketException($"The folder of the bucket cannot be written ({e.GetType().Name}).", e); }
    }

    public void Dispose() => _threads.Dispose();

    private void WriteAndRelease(string name, byte[] content)
    {
        try { Write(name, content); }
        finally { _threads.Release(); }
    }

    private void Write(string name, byte[] content)
    {
        if (!Directory.Exists(_folder)) throw new DirectoryNotFoundException($"There is no folder {_folder}.");
        var path = Path.Combine(_folder, name);
        var parent = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(parent);
        var unfinished = Path.Combine(parent, $".{Path.GetFileName(path)}.new");
        using (var file = new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
        // A name is on disk once its folder is, and that once the one above is.
        for (var inner = parent; inner is not null && inner.Length >= _folder.Length; inner = Path.GetDirectoryName(inner)) Flush(inner);
    }

    private static void Flush(string path)
    {
        var handle = Open(path, 0);
        if (handle < 0) throw new IOException($"{path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (Synchronize(handle) != 0) throw new IOException($"{path} cannot be flushed to disk (error {Marshal.GetLastPInvokeError()}).");
        }
        finally { _ = Close(handle); }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
