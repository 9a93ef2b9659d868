using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>What the trail of a test's silo has.</summary>
internal static class Recorded
{
    /// <summary>All events of an account, the oldest first.</summary>
    public static async Task<List<JsonElement>> All(TestKms kms, string account = TestKms.Account)
    {
        var reader = kms.Services.GetRequiredService<TrailReader>();
        var query = new TrailQuery(DateTimeOffset.UnixEpoch, kms.Clock.GetUtcNow().AddDays(1), Forward: true, []);
        var events = new List<JsonElement>();
        TrailCursor? after = null;
        do
        {
            var page = await reader.Lookup(AccountNumber.Of(account), query, after, 50);
            events.AddRange(page.Events.Select(json => JsonDocument.Parse(json).RootElement));
            after = page.Next;
        }
        while (after is not null);
        return events;
    }

    /// <summary>The events of that name: of each whether it failed, and with which code, and whether it was recorded after a crash.</summary>
    public static async Task<List<(string? Error, bool Recovered)>> Of(TestKms kms, string name) =>
        [.. (await All(kms)).Where(e => Text(e, "eventName") == name).Select(e => (Text(e, "errorCode"), IsRecovered(e)))];

    /// <summary>A field as text; null if there is none.</summary>
    public static string? Text(JsonElement e, string field) => e.TryGetProperty(field, out var value) ? value.ToString() : null;

    private static bool IsRecovered(JsonElement e) => e.TryGetProperty("additionalEventData", out var data) && data.TryGetProperty("Recovered", out var recovered) && recovered.GetBoolean();
}
