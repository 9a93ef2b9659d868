using System.Globalization;
using Orleans.Kms.Cluster.Tests.Checking;
using Orleans.Kms.Cluster.Tests.Faults;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests;

/// <summary>The figures of a run.</summary>
internal sealed record RunReport(
    RunSettings Settings, IReadOnlyList<Violation> Violations, IReadOnlyCollection<Call> Calls, IReadOnlyList<FaultRecord> Faults, IReadOnlyList<(Fault Fault, string Why)> Skipped, int EndedByThemselves)
{
    private const int ShownOfAKind = 3;
    private static readonly HashSet<string> Writes =
        ["CreateKey", "UpdateKeyDescription", "TagResource", "CreateAlias", "UpdateAlias", "EnableKey", "DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "DeleteKeyMaterial", "ImportKeyMaterial"];

    /// <summary>Faults after which the service came back later than promised.</summary>
    public IEnumerable<FaultRecord> Late => Faults.Where(record => record.ServedAfter > record.Fault.Promise);

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsGood => Violations.Count == 0 && !Late.Any();

    /// <summary>Changes that were answered with success.</summary>
    public int AcknowledgedWrites => Calls.Count(call => call.Outcome == Outcome.Done && Writes.Contains(call.Action));

    /// <summary>Writes the figures, and the first violations of each kind.</summary>
    public async Task Write(TextWriter output)
    {
        string[] lines =
        [
            $"| seed {Settings.Seed}, {Settings.Callers} callers | |", "| --- | ---: |",
            $"| calls | {Calls.Count} |",
            $"| acknowledged writes | {AcknowledgedWrites} |",
            $"| cryptographic calls that succeeded | {Calls.Count(call => call.Outcome == Outcome.Done && KeyModel.IsCryptographic(call.Action))} |",
            $"| calls that were refused | {Calls.Count(call => call.Outcome == Outcome.Refused && call.RequestId is not null)} |",
            $"| calls with an unknown outcome | {Calls.Count(call => call.Outcome == Outcome.Unknown)} |",
            .. Enum.GetValues<ViolationKind>().Select(kind => $"| {NameOf(kind)} | {Violations.Count(violation => violation.Kind == kind)} |"),
            $"| silos that ended by themselves, taken for dead, and were started again | {EndedByThemselves} |",
            "", "| fault | times | all keys served after, s: median | longest |", "| --- | ---: | ---: | ---: |",
            .. Faults.GroupBy(record => record.Fault.Name).OrderBy(group => group.Key, StringComparer.Ordinal).Select(Row),
            .. Skipped.Select(skipped => $"| {skipped.Fault.Name} | skipped: {skipped.Why} | | |"),
            "", .. Late.Select(record => $"LATE: {record.Fault.Name}: all keys served after {Seconds(record.ServedAfter)} s, promised are {Seconds(record.Fault.Promise!.Value)} s"),
            .. Violations.GroupBy(violation => violation.Kind).SelectMany(kind => kind.Take(ShownOfAKind)).Select(violation => $"{NameOf(violation.Kind)}:\n{violation.Detail}"),
        ];
        foreach (var line in lines) await output.WriteLineAsync(line);
    }

    private static string Row(IGrouping<string, FaultRecord> fault)
    {
        var times = fault.Select(record => record.ServedAfter).Order().ToArray();
        return $"| {fault.Key} | {times.Length} | {Seconds(times[times.Length / 2])} | {Seconds(times[^1])} |";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);

    private static string NameOf(ViolationKind kind) => kind switch
    {
        ViolationKind.NotLinearizable => "keys whose answers no order explains",
        ViolationKind.StaleCryptography => "stale cryptographic calls",
        ViolationKind.LostWrite => "lost writes",
        ViolationKind.MissingEvent => "calls without an event",
        ViolationKind.RepeatedEvent => "calls with several events",
        ViolationKind.WrongPlaintext => "blobs that do not open to what was encrypted",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
