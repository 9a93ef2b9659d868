using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Orleans.Kms.Grains.Trail;

/// <summary>
/// One thing by which an event is found: a field and a short form of its value. Two values may have the same short form, so what is found by it is looked at again.
/// </summary>
/// <param name="Field">The field.</param>
/// <param name="Value">The short form.</param>
[GenerateSerializer, Immutable, Alias("kms.trail-term")]
internal readonly record struct TrailTerm([property: Id(0)] TrailField Field, [property: Id(1)] long Value)
{
    private const int MaxStackBytes = 512;

    /// <summary>What every event is found by.</summary>
    public static TrailTerm All { get; } = new(TrailField.All, 0);

    /// <summary>Whether events are found by this value of the field. The usual value of some fields is not worth an entry for each event: it is found by looking at all.</summary>
    public static bool IsKept(TrailField field, string value) => field switch
    {
        TrailField.ServiceName => value != "Kms",
        TrailField.EventRW => value != "Read",
        TrailField.EventType => value != "ApiCall",
        TrailField.ResourceType => value != "ACS::KMS::Key",
        _ => true,
    };

    /// <summary>How far an id's own time may lie from its event's without an entry of its own.</summary>
    public static readonly TimeSpan IdTolerance = TimeSpan.FromSeconds(5);

    /// <summary>Whether an event is found by its id's own term. An id of version 7 tells its time, and events of that time are few enough to be looked at.</summary>
    public static bool IsIdKept(Guid id, DateTimeOffset time) => TimeOf(id) is not { } own || (own - time).Duration() > IdTolerance;

    /// <summary>When an id was made (UTC), by its own word; null if it does not tell.</summary>
    public static DateTimeOffset? TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return id.Version == 7 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    /// <summary>The term of a text.</summary>
    public static TrailTerm Of(TrailField field, string value)
    {
        var length = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> utf8 = length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[length];
        return Of(field, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    /// <summary>The term of a text in UTF-8.</summary>
    public static TrailTerm Of(TrailField field, ReadOnlySpan<byte> utf8) => new(field, unchecked((long)XxHash3.HashToUInt64(utf8)));
}
