using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Finds the nonces that an access key has used, in blocks and in intents.</summary>
internal static class NonceSearch
{
    /// <summary>The nonces of requests since then, at most about <paramref name="max"/>.</summary>
    public static TrailNonces Run(DbConnection connection, string accessKeyId, long accountId, DateTimeOffset since, int max)
    {
        var term = TrailTerm.Of(TrailField.EventAccessKeyId, accessKeyId);
        var budget = new LookupBudget(long.MaxValue);
        var times = ((since - TrailLimits.SegmentSpan).ToUnixTimeMilliseconds(), long.MaxValue);
        using var segments = new PostedSegments(connection, new(accountId, term), forward: false, times, budget);
        using var reader = new SegmentReader(connection, "nonces", budget);
        using var command = connection.CreateCommand();
        var (left, unreadable) = TrailIntents.BegunBefore(command, DateTimeOffset.MaxValue);
        var nonces = FromIntents(left, term.Value);
        var from = new SegmentKey(long.MaxValue, int.MaxValue, long.MaxValue);
        while (nonces.Count <= max && segments.Seek(from) is { } segment)
        {
            foreach (var (_, kept) in reader.Read(segment.Chain, segment.Number)) Add(nonces, kept, term.Value);
            from = segment.Beside(forward: false);
        }
        return new([.. nonces], nonces.Count <= max, Since(command, unreadable));
    }

    private static void Add(HashSet<UsedNonce> nonces, byte[] kept, long accessKey)
    {
        for (var place = 0; place < kept.Length; place += KeptNonce.Length)
        {
            var nonce = KeptNonce.Read(kept.AsSpan(place));
            if (nonce.AccessKey == accessKey) nonces.Add(nonce.Nonce);
        }
    }

    private static HashSet<UsedNonce> FromIntents(IReadOnlyList<TrailIntent> intents, long accessKey)
    {
        var nonces = new HashSet<UsedNonce>();
        foreach (var intent in intents)
        {
            if (KeptNonce.Of(intent.Event) is { } nonce && nonce.AccessKey == accessKey) nonces.Add(nonce.Nonce);
        }
        return nonces;
    }

    // A chain that is not its writer's first one was begun because the end of the one before was lost. While the trail was switched off nothing was recorded. An intent that
    // cannot be read may be of any request that came before it. Where there is no chain nothing is known of any time.
    private static DateTimeOffset Since(DbCommand command, IReadOnlyList<DateTimeOffset> unreadable)
    {
        var begun = command.Sql(
            """
            SELECT MIN(begun_at) FROM kms_trail_chain
            UNION ALL
            SELECT MAX(begun_at) FROM kms_trail_chain later WHERE EXISTS (SELECT 1 FROM kms_trail_chain earlier WHERE earlier.writer = later.writer AND earlier.chain < later.chain)
            UNION ALL
            SELECT MAX(ended_at) FROM kms_trail_pause
            """).Rows(row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0));
        begun.AddRange(unreadable.Select(time => (long?)time.ToUnixTimeMilliseconds()));
        return begun.Max() is { } time ? DateTimeOffset.FromUnixTimeSeconds(time / 1000) : DateTimeOffset.MaxValue;
    }
}
