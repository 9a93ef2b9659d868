using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed partial class HsmMetricsTests
{
    [Fact]
    public void There_are_the_instruments_and_tags_that_the_readme_names_and_no_others()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var measured = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == meters) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measured.Add(Describe(instrument, tags)));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Add(Describe(instrument, tags)));
        listener.Start();

        var lane = new HsmMetrics(meters).Of("the token", 0);
        lane.Watch(() => (LaneState.InOrder, true));
        lane.Fault("CKR_DEVICE_ERROR");
        lane.Reopened();
        lane.Failover();
        lane.Queued();
        lane.Took("Encrypt", TimeSpan.FromMilliseconds(1));
        listener.RecordObservableInstruments();

        Assert.Equal(Documented(), measured);
    }

    // Name, then its tags beside "token".
    private static string Describe(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var others = new List<string>();
        foreach (var tag in tags)
        {
            if (tag.Key != "token") others.Add(tag.Key);
            else Assert.Equal("the token", tag.Value);
        }
        Assert.Equal(tags.Length - 1, others.Count);
        return $"{instrument.Meter.Name} {instrument.Name} {string.Join(' ', others)}";
    }

    private static SortedSet<string> Documented()
    {
        var root = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Root").Value!;
        var paragraph = Paragraph().Match(File.ReadAllText(Path.Combine(root, "README.md")));
        var instruments = Name().Matches(paragraph.Groups["list"].Value).Select(name => $"{paragraph.Groups["meter"].Value} {paragraph.Groups["prefix"].Value}{name.Groups["name"].Value} {name.Groups["tag"].Value}");
        return new(instruments, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"on the \.NET meter\s+`(?<meter>[^`]+)`; those of tokens begin with `(?<prefix>[^`]+)` and have the tag `token`:(?<list>[^.]+(?:\.[^\s][^.]*)*)\.\s")]
    private static partial Regex Paragraph();

    [GeneratedRegex(@"`(?<name>[a-z.]+)`(?:\s\(tag\s`(?<tag>[a-z]+)`)?")]
    private static partial Regex Name();
}
