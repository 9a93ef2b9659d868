namespace Orleans.Kms.Grains.Trail;

/// <summary>An event on its way to the trail.</summary>
/// <param name="accountId">The account that it belongs to: its 16 digits as a number.</param>
/// <param name="time">When it happened (UTC).</param>
/// <param name="id">Its id.</param>
/// <param name="json">The event as the trail keeps it: one JSON object in UTF-8, without line breaks. Not to be changed.</param>
/// <param name="terms">What it is found by, <see cref="TrailTerm.All"/> apart.</param>
internal sealed class TrailEvent(long accountId, DateTimeOffset time, Guid id, ReadOnlyMemory<byte> json, TrailTerm[] terms)
{
    /// <summary>The account that it belongs to.</summary>
    public long AccountId { get; } = accountId;

    /// <summary>When it happened (UTC).</summary>
    public DateTimeOffset Time { get; } = time;

    /// <summary>Its id.</summary>
    public Guid Id { get; } = id;

    /// <summary>The event as the trail keeps it.</summary>
    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>What it is found by, <see cref="TrailTerm.All"/> apart.</summary>
    public TrailTerm[] Terms { get; } = terms;

    /// <summary>The nonce of the request that it tells of; null if nothing was signed. Kept beside the event and not in it.</summary>
    public UsedNonce? Nonce { get; set; }

    /// <summary>The change that the event tells of, if grains may have written <see cref="TrailIntent"/>s of it: they end with the event.</summary>
    public Guid? Change { get; set; }
}
