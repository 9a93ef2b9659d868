namespace Orleans.Kms.Grains.Storage;

/// <summary>What a grain stores, as JSON. Fields are added, never renamed or reused; <see cref="Format"/> tells old from new.</summary>
internal abstract record StoredRecord
{
    /// <summary>The format that this program writes, and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format of this record.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The change that made the state what it is; null if it was none that the trail records.</summary>
    public Guid? Change { get; init; }
}
