using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>How long a CMK waits for its destruction, in days.</summary>
public static class DeletionWindow
{
    /// <summary>The shortest window.</summary>
    public const int MinDays = 7;

    /// <summary>The longest window.</summary>
    public const int MaxDays = 366;

    /// <summary>Refuses a window that is too short or too long.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>.</exception>
    public static void Check(int days)
    {
        if (days is < MinDays or > MaxDays) throw KmsException.InvalidParameter("PendingWindowInDays");
    }
}
