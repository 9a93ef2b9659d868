namespace Orleans.Kms.Grains.Trail;

/// <summary>Makes blocks of events. Keeps the open segment; used by one thread.</summary>
internal sealed class BlockMaker(TimeProvider clock)
{
    private readonly byte[] _leaves = new byte[TrailLimits.BlockEvents * MerkleTree.HashBytes];
    private byte[] _prefixed = new byte[4096];
    private OpenSegment? _segment;

    /// <summary>Forgets the open segment: the next block begins a new one.</summary>
    public void EndSegment() => _segment = null;

    /// <summary>Makes the block that follows on a chain's head.</summary>
    public NewBlock Make(ChainHead head, List<TrailEvent> events)
    {
        var (oldest, youngest, bytes, nonces) = Measure(events);
        var (number, writtenAt) = (head.Number + 1, Math.Max(clock.GetUtcNow().ToUnixTimeMilliseconds(), head.WrittenAt));
        if (_segment?.Takes(oldest, youngest, writtenAt) != true) _segment = new(number, oldest, writtenAt);
        var fresh = new List<TrailPosting>();
        foreach (var e in events) _segment.Add(e, fresh);
        var body = GC.AllocateUninitializedArray<byte>(bytes);
        Fill(body, events);
        var header = new TrailBlockHeader(head.ChainId, number, head.LastEvent + 1, events.Count, writtenAt, head.Hash,
            MerkleTree.Root(_leaves.AsSpan(0, events.Count * MerkleTree.HashBytes)).ToArray());
        var next = head with { Number = number, LastEvent = head.LastEvent + events.Count, WrittenAt = writtenAt, Hash = header.Hash() };
        return new(next, header, _segment.Number, _segment.Time.ToUnixTimeMilliseconds(), oldest.ToUnixTimeMilliseconds(), body, Nonces(events, nonces), fresh);
    }

    private static (DateTimeOffset Oldest, DateTimeOffset Youngest, int Bytes, int Nonces) Measure(List<TrailEvent> events)
    {
        var (oldest, youngest, bytes, nonces) = (events[0].Time, events[0].Time, 0, 0);
        foreach (var e in events)
        {
            if (e.Time < oldest) oldest = e.Time;
            if (e.Time > youngest) youngest = e.Time;
            bytes += e.Json.Length + 1;
            if (e.Nonce is not null) nonces++;
        }
        return (oldest, youngest, bytes, nonces);
    }

    private void Fill(byte[] body, List<TrailEvent> events)
    {
        var place = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var json = events[i].Json.Span;
            if (_prefixed.Length <= json.Length) _prefixed = new byte[2 * json.Length];
            json.CopyTo(_prefixed.AsSpan(1));
            MerkleTree.HashLeaf(_prefixed.AsSpan(0, json.Length + 1), _leaves.AsSpan(i * MerkleTree.HashBytes, MerkleTree.HashBytes));
            json.CopyTo(body.AsSpan(place));
            place += json.Length;
            body[place++] = (byte)'\n';
        }
    }

    private static byte[]? Nonces(List<TrailEvent> events, int count)
    {
        if (count == 0) return null;
        var bytes = new byte[count * KeptNonce.Length];
        var place = 0;
        foreach (var e in events)
        {
            if (KeptNonce.Of(e) is not { } nonce) continue;
            nonce.Write(bytes.AsSpan(place));
            place += KeptNonce.Length;
        }
        return bytes;
    }
}
