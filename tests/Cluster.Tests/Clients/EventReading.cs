using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Looks all events of the account up.</summary>
internal sealed class EventReading(Func<int, KmsClient> clientOf)
{
    private const string Version = "2020-07-06";
    private const int AtOnce = 4;
    private const int Parts = 200;
    private const int MaxTries = 100;

    // Clocks of silos that were put forward or back.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    /// <summary>How many events each request id has.</summary>
    /// <param name="begin">When the first call was made.</param>
    /// <param name="end">When the last one was.</param>
    /// <exception cref="InvalidOperationException">The service does not answer any more.</exception>
    public async Task<IReadOnlyDictionary<Guid, EventCount>> Run(DateTimeOffset begin, DateTimeOffset end)
    {
        using var client = clientOf(0);
        var counts = new ConcurrentDictionary<Guid, EventCount>();
        // Whole seconds belong to one part each.
        var seconds = Math.Max(1, (long)((end - begin) + Margin + Margin).TotalSeconds / Parts);
        var parts = Enumerable.Range(0, Parts + 1).Select(part => (begin - Margin).AddSeconds(part * seconds)).Select(from => (From: from, To: from.AddSeconds(seconds - 1)));
        await Parallel.ForEachAsync(parts, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (part, _) => await Read(client, part.From, part.To, counts));
        return counts;
    }

    private static async Task Read(KmsClient client, DateTimeOffset from, DateTimeOffset to, ConcurrentDictionary<Guid, EventCount> counts)
    {
        (string, string)[] parameters = [("StartTime", Text(from)), ("EndTime", Text(to)), ("MaxResults", "50"), ("Direction", "FORWARD")];
        for (string? token = null; ;)
        {
            var page = await Page(client, token is null ? parameters : [.. parameters, ("NextToken", token)]);
            foreach (var found in page.Body.GetProperty("Events").EnumerateArray())
            {
                // What the service does by itself has ids of its own.
                if (!Guid.TryParse(found.GetProperty("requestId").GetString(), out var id)) continue;
                var isRecovered = found.TryGetProperty("additionalEventData", out var more) && more.TryGetProperty("Recovered", out _);
                var errorCode = found.TryGetProperty("errorCode", out var code) ? code.GetString() : null;
                counts.AddOrUpdate(id, default(EventCount).With(isRecovered, errorCode), (_, count) => count.With(isRecovered, errorCode));
            }
            if (!page.Body.TryGetProperty("NextToken", out var next)) return;
            token = next.GetString();
        }
    }

    private static async Task<Answer> Page(KmsClient client, (string, string)[] parameters)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await client.SendTo(Version, "LookupEvents", parameters);
            if (answer.IsDone) return answer;
            if (attempt == MaxTries || (answer.Outcome == Outcome.Refused && answer.Code != "Throttling.User")) throw new InvalidOperationException($"Events cannot be looked up: {answer.Code}");
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>A time as the API takes it.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
