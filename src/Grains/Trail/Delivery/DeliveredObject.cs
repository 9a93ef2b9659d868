using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>An object of a bucket: events as one JSON array, compressed by gzip. Its name tells how many they are, how long it is and its MD5.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its content.</param>
internal sealed record DeliveredObject(string Name, byte[] Bytes)
{
    /// <summary>Makes an object.</summary>
    /// <param name="prefix">What its name begins with; may be empty.</param>
    /// <param name="region">The region of the service.</param>
    /// <param name="time">When the oldest of the events happened (UTC): so the same events make the same object again.</param>
    /// <param name="events">The events, each a JSON object.</param>
    public static DeliveredObject Of(string prefix, string region, DateTimeOffset time, IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        var bytes = Compress(events);
        var utc = time.UtcDateTime;
        var folder = string.Create(CultureInfo.InvariantCulture, $"{(prefix.Length == 0 ? "" : prefix + "/")}AliyunLogs/Actiontrail/{region}/{utc:yyyy/MM/dd}");
        return new(string.Create(CultureInfo.InvariantCulture, $"{folder}/Actiontrail_{region}_{utc:yyyyMMddHHmmss}_1002_{events.Count}_{bytes.Length}_{Md5(bytes)}.gz"), bytes);
    }

    private static byte[] Compress(IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        using var compressed = new MemoryStream();
        // The bytes may be those of tens of thousands of calls a second: a smaller object would take the cores from them.
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            for (var i = 0; i < events.Count; i++)
            {
                gzip.Write(i == 0 ? "["u8 : ",\n"u8);
                gzip.Write(events[i].Span);
            }
            gzip.Write(events.Count == 0 ? "[]"u8 : "]"u8);
        }
        return compressed.ToArray();
    }

#pragma warning disable CA5351 // Not for security: part of the names that readers know.
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
