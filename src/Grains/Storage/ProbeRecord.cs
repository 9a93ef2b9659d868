namespace Orleans.Kms.Grains.Storage;

/// <summary>What the readiness check writes to grain storage.</summary>
internal sealed record ProbeRecord : StoredRecord
{
    public DateTimeOffset ProbedAt { get; init; }

    /// <summary>Makes the record about as large as a CMK's: a disk without room for keys should not look usable.</summary>
    public byte[] Filler { get; init; } = [];
}
