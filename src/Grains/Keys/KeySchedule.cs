using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>What the service does to a CMK by itself, and when. The stored times decide; reminders and sweeps only wake the grain.</summary>
internal static class KeySchedule
{
    /// <summary>When something has to be done to the key next; null if never.</summary>
    public static DateTimeOffset? DueAt(KeyRecord record) => record.State switch
    {
        KeyState.PendingDeletion => Earlier(record.DeletesAt, record.MaterialExpiresAt),
        KeyState.Enabled => Earlier(NextRotationAt(record), record.MaterialExpiresAt),
        _ => record.MaterialExpiresAt,
    };

    /// <summary>Whether the deletion window has passed: the key is gone for every caller, also while its destruction is still under way.</summary>
    public static bool IsOver(KeyRecord record, DateTimeOffset now) => record.State == KeyState.PendingDeletion && record.DeletesAt <= now;

    /// <summary>Whether the next version is due. A key that is not enabled cannot rotate; once it is enabled again, an overdue rotation is due at once.</summary>
    public static bool IsRotationDue(KeyRecord record, DateTimeOffset now) => record.State == KeyState.Enabled && NextRotationAt(record) <= now;

    /// <summary>When the next version is due, were the key enabled; null without automatic rotation.</summary>
    public static DateTimeOffset? NextRotationAt(KeyRecord record) => record.RotationInterval is { } interval ? record.Primary().CreatedAt + interval : null;

    /// <summary>How DescribeKey calls it.</summary>
    public static AutomaticRotation Rotation(KeyRecord record) =>
        record.RotationInterval is null ? AutomaticRotation.Disabled : record.State == KeyState.Enabled ? AutomaticRotation.Enabled : AutomaticRotation.Suspended;

    /// <summary>Whether an asymmetric key may get another version already.</summary>
    public static bool MayAddVersion(KeyRecord record, DateTimeOffset now) => now >= record.Primary().CreatedAt.AddDays(KeyVersion.MinDaysBetween);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
