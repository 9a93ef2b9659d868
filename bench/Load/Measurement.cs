using System.Diagnostics;

namespace Orleans.Kms.Load;

/// <summary>What one measurement found.</summary>
/// <param name="PerSecond">Requests answered a second.</param>
/// <param name="P50">Half of the requests took at most this long, in milliseconds.</param>
/// <param name="P99">99 of 100 requests took at most this long, in milliseconds.</param>
/// <param name="CpuMicroseconds">CPU time of the server process for one request.</param>
internal sealed record Measurement(double PerSecond, double P50, double P99, double CpuMicroseconds)
{
    /// <summary>Keeps all connections busy with requests from <paramref name="next"/> for a while.</summary>
    public static async Task<Measurement> Of(Server server, IReadOnlyList<Connection> connections, TimeSpan time, Func<byte[]> next)
    {
        var cpu = server.CpuTime;
        var begun = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(connections.Select(connection => Task.Run(() => Drive(connection, begun, time, next))));
        var elapsed = Stopwatch.GetElapsedTime(begun);
        cpu = server.CpuTime - cpu;
        var all = latencies.SelectMany(times => times).ToArray();
        Array.Sort(all);
        return new(all.Length / elapsed.TotalSeconds, At(all, 0.50), At(all, 0.99), cpu.TotalMicroseconds / all.Length);
    }

    /// <summary>The median of each figure.</summary>
    public static Measurement Median(IReadOnlyCollection<Measurement> all) =>
        new(Middle(all, m => m.PerSecond), Middle(all, m => m.P50), Middle(all, m => m.P99), Middle(all, m => m.CpuMicroseconds));

    private static async Task<List<long>> Drive(Connection connection, long begun, TimeSpan time, Func<byte[]> next)
    {
        var latencies = new List<long>();
        while (Stopwatch.GetElapsedTime(begun) < time)
        {
            var request = next();
            var sent = Stopwatch.GetTimestamp();
            await connection.Send(request);
            latencies.Add(Stopwatch.GetTimestamp() - sent);
        }
        return latencies;
    }

    private static double At(long[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))] * 1000.0 / Stopwatch.Frequency;

    private static double Middle(IReadOnlyCollection<Measurement> all, Func<Measurement, double> figure) => all.Select(figure).Order().ElementAt(all.Count / 2);
}
