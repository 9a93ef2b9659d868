using Orleans.Kms.Errors;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <summary>From when to when events are looked for, both seconds included.</summary>
/// <param name="Start">The first second (UTC).</param>
/// <param name="End">The last second (UTC).</param>
internal readonly record struct LookupWindow(DateTimeOffset Start, DateTimeOffset End)
{
    private const int DefaultDays = 7;
    private const int MaxDays = 30;
    private const int MaxDaysBack = 90;

    // Who asks for just 90 days ago asked a moment ago, by a clock of its own.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    /// <summary>The window that is asked for; the last 7 days if none is.</summary>
    /// <exception cref="KmsException"><c>MissingStartTime</c>, <c>MissingEndTime</c>: one without the other. <c>InvalidParameter.StartTime</c>, <c>InvalidParameter.EndTime</c>.</exception>
    public static LookupWindow Of(DateTimeOffset? start, DateTimeOffset? end, DateTimeOffset now)
    {
        if ((start, end) is (null, null)) return new(Second(now).AddDays(-DefaultDays), Second(now));
        var window = new LookupWindow(Second(start ?? throw TrailErrors.Missing("StartTime")), Second(end ?? throw TrailErrors.Missing("EndTime")));
        if (window.Start < Second(now).AddDays(-MaxDaysBack) - Tolerance) throw TrailErrors.Invalid("StartTime", $"is at most {MaxDaysBack} days ago");
        if (window.End < window.Start) throw TrailErrors.Invalid("EndTime", "is not before StartTime");
        return window.End - window.Start <= TimeSpan.FromDays(MaxDays) ? window : throw TrailErrors.Invalid("EndTime", $"is at most {MaxDays} days after StartTime");
    }

    /// <summary>Whether a later page's times are this window's; those that are not said are.</summary>
    public bool Fits(DateTimeOffset? start, DateTimeOffset? end) => (start is null || Second(start.Value) == Start) && (end is null || Second(end.Value) == End);

    private static DateTimeOffset Second(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
