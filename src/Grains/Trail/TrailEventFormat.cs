using System.Text.Json;

namespace Orleans.Kms.Grains.Trail;

/// <summary>How an intent keeps its event with all that is recorded with it.</summary>
internal static class TrailEventFormat
{
    private const byte Version = 1;
    private const int TermBytes = sizeof(short) + sizeof(long);

    /// <summary>The event's bytes.</summary>
    public static byte[] Write(TrailEvent e)
    {
        using var bytes = new MemoryStream(e.Json.Length + 512);
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write(e.AccountId);
        writer.Write(e.Time.UtcTicks);
        writer.Write(e.Id.ToByteArray(bigEndian: true));
        writer.Write(e.Change is not null);
        writer.Write((e.Change ?? Guid.Empty).ToByteArray(bigEndian: true));
        writer.Write(e.Nonce is not null);
        var nonce = e.Nonce ?? new(0, DateTimeOffset.UnixEpoch);
        writer.Write((ulong)(nonce.Hash >> 64));
        writer.Write((ulong)nonce.Hash);
        writer.Write(nonce.ExpiresAt.ToUnixTimeSeconds());
        writer.Write(e.Terms.Length);
        foreach (var term in e.Terms)
        {
            writer.Write((short)term.Field);
            writer.Write(term.Value);
        }
        writer.Write(e.Json.Span);
        return bytes.ToArray();
    }

    /// <summary>The event of the bytes; null if a newer version wrote them, or they were altered.</summary>
    public static TrailEvent? TryRead(byte[] bytes)
    {
        try { return Read(bytes); }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or JsonException) { return null; }
    }

    private static TrailEvent? Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (reader.ReadByte() != Version) return null;
        var accountId = reader.ReadInt64();
        var time = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        var id = ReadId(reader);
        var (isChange, change) = (reader.ReadBoolean(), ReadId(reader));
        var hasNonce = reader.ReadBoolean();
        var nonce = new UsedNonce(new UInt128(reader.ReadUInt64(), reader.ReadUInt64()), DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64()));
        var count = reader.ReadInt32();
        if ((uint)count > (bytes.Length - reader.BaseStream.Position) / TermBytes) return null;
        var terms = new TrailTerm[count];
        for (var i = 0; i < terms.Length; i++) terms[i] = new((TrailField)reader.ReadInt16(), reader.ReadInt64());
        var json = bytes.AsMemory((int)reader.BaseStream.Position);
        // What is recorded from here is signed.
        EventValues.RequireText(json.Span);
        JsonDocument.Parse(json).Dispose();
        return new(accountId, time, id, json, terms) { Change = isChange ? change : null, Nonce = hasNonce ? nonce : null };
    }

    private static Guid ReadId(BinaryReader reader) => new(reader.ReadBytes(16), bigEndian: true);
}
