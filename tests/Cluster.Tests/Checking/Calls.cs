using System.Globalization;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>Histories of one key as texts, one call a line: <c>DisableKey 10-20</c> was done, <c>Encrypt 10-20 Rejected.Disabled</c> refused, <c>DisableKey 10-?</c> not answered,
/// <c>DescribeKey 10-20 =Disabled</c> read a value.</summary>
internal static class Calls
{
    public const string Key = "key";

    public static Call[] Of(params string[] lines) => [.. lines.Select(Parse)];

    private static Call Parse(string line)
    {
        var parts = line.Split(' ');
        var times = parts[1].Split('-');
        var answered = times[1] == "?" ? Call.Never : Number(times[1]);
        var note = parts.Length > 2 ? parts[2] : "";
        var value = note.StartsWith('=') ? note[1..] : null;
        var outcome = answered == Call.Never ? Outcome.Unknown : note.Length > 0 && value is null ? Outcome.Refused : Outcome.Done;
        return new(parts[0], Key, Number(times[0]), answered, outcome, outcome == Outcome.Refused ? note : "", Value: value);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
