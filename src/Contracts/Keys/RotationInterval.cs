using System.Globalization;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>How long after a key version the next one is made: 7 to 730 days. As text a whole number and a unit, <c>d</c>, <c>h</c>, <c>m</c> or <c>s</c>.</summary>
public static class RotationInterval
{
    private const string Parameter = "RotationInterval";

    /// <summary>The shortest interval.</summary>
    public static readonly TimeSpan Min = TimeSpan.FromDays(7);

    /// <summary>The longest interval.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(730);

    /// <summary>Reads an interval, for example <c>365d</c> or <c>31536000s</c>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/> for another form or length.</exception>
    public static TimeSpan Parse(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw KmsException.InvalidParameter(Parameter);
        var interval = text[^1] switch
        {
            'd' when number <= Max.TotalDays => TimeSpan.FromDays(number),
            'h' when number <= Max.TotalHours => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            's' => TimeSpan.FromSeconds(number),
            _ => throw KmsException.InvalidParameter(Parameter),
        };
        Check(interval);
        return interval;
    }

    /// <summary>The form that answers have: always in seconds.</summary>
    public static string Format(TimeSpan interval) => string.Create(CultureInfo.InvariantCulture, $"{(long)interval.TotalSeconds}s");

    /// <summary>Refuses an interval that is too short, too long, or not of whole seconds.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>.</exception>
    public static void Check(TimeSpan interval)
    {
        if (interval < Min || interval > Max || interval.Ticks % TimeSpan.TicksPerSecond != 0) throw KmsException.InvalidParameter(Parameter);
    }
}
