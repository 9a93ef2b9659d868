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
    public async Task<IReadOnlyDictionary<Guid, int>> Run(DateTimeOffset begin, DateTimeOffset end)
    {
        using var client = clientOf(0);
        var counts = new ConcurrentDictionary<Guid, int>();
        // Whole seconds belong to one part each.
        var seconds = Math.Max(1, (long)((end - begin) + Margin + Margin).TotalSeconds / Parts);
        var parts = Enumerable.Range(0, Parts + 1).Select(part => (begin - Margin).AddSeconds(part * seconds)).Select(from => (From: from, To: from.AddSeconds(seconds - 1)));
        await Parallel.ForEachAsync(parts, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (part, _) => await Read(client, part.From, part.To, counts));
        return counts;
    }

    private static async Task Read(KmsClient client, DateTimeOffset from, DateTimeOffset to, ConcurrentDictionary<Guid, int> counts)
    {
        (string, string)[] parameters = [("StartTime", Text(from)), ("EndTime", Text(to)), ("MaxResults", "50"), ("Direction", "FORWARD")];
        for (string? token = null; ;)
        {
            var page = await Page(client, token is null ? parameters : [.. parameters, ("NextToken", token)]);
            foreach (var id in page.Body.GetProperty("Events").EnumerateArray().Select(found => found.GetProperty("requestId").GetString()))
            {
                // What the service does by itself has ids of its own.
                if (Guid.TryParse(id, out var requestId)) counts.AddOrUpdate(requestId, 1, (_, count) => count + 1);
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
