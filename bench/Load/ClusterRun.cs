using System.Globalization;

namespace Orleans.Kms.Load;

/// <summary>Measures the service in one process and clusters of one, two and three silos behind one gateway, in turns, and prints a table: what distribution costs on one machine.</summary>
internal static class ClusterRun
{
    private const int Keys = 48;

    private static readonly string Plaintext = Uri.EscapeDataString(Convert.ToBase64String(new byte[32]));

    private sealed record Shape(string Name, Server Server, Signer Signer, Connection[] Connections)
    {
        public Dictionary<string, Func<byte[]>> Next { get; } = [];
        public Dictionary<string, List<(Measurement Whole, double[] Parts)>> Measured { get; } = [];
    }

    public static async Task All(LoadSettings settings)
    {
        var shapes = new List<Shape>();
        try
        {
            var (alone, signer) = await Server.Service(null);
            shapes.Add(new("one process", alone, signer, await Open(alone, settings.Clients)));
            for (var silos = 1; silos <= 3; silos++)
            {
                var (cluster, own) = await Server.Cluster(silos);
                shapes.Add(new($"{silos} silo{(silos == 1 ? "" : "s")}, 1 gateway", cluster, own, await Open(cluster, settings.Clients)));
            }
            foreach (var shape in shapes) await MakeKeys(shape);
            for (var round = 0; round <= settings.Rounds; round++)
            {
                foreach (var level in shapes[0].Next.Keys)
                {
                    foreach (var shape in shapes) await Measure(shape, level, TimeSpan.FromSeconds(settings.Seconds), isWarmUp: round == 0);
                }
                await Console.Error.WriteLineAsync(round == 0 ? "warm" : $"round {round} of {settings.Rounds}");
            }
            Print(shapes);
        }
        finally
        {
            foreach (var shape in shapes) await shape.Server.DisposeAsync();
        }
    }

    private static async Task MakeKeys(Shape shape)
    {
        foreach (var level in new[] { "SOFTWARE", "HSM" })
        {
            var keys = new string[Keys];
            for (var i = 0; i < Keys; i++) keys[i] = await Run.Field(shape.Connections[0], shape.Signer.Request("CreateKey", [("ProtectionLevel", level)]), "KeyMetadata", "KeyId");
            var turn = 0;
            shape.Next[level] = () => shape.Signer.Request("Encrypt", [("KeyId", keys[(uint)Interlocked.Increment(ref turn) % Keys]), ("Plaintext", Plaintext)]);
            shape.Measured[level] = [];
        }
    }

    private static async Task Measure(Shape shape, string level, TimeSpan time, bool isWarmUp)
    {
        var before = shape.Server.CpuTimes;
        var measured = await Measurement.Of(shape.Server, shape.Connections, time, shape.Next[level]);
        var requests = measured.PerSecond * time.TotalSeconds;
        var parts = shape.Server.CpuTimes.Zip(before, (after, first) => (after - first).TotalMicroseconds / requests).ToArray();
        // The first round only warms up.
        if (!isWarmUp) shape.Measured[level].Add((measured, parts));
    }

    private static async Task<Connection[]> Open(Server server, int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Connection.Open(server.EndPoint)));

    private static void Print(List<Shape> shapes)
    {
        Console.WriteLine("| Encrypt, level | shape | requests/s | ratio | p50 ms | p99 ms | CPU us a request | of it gateway | silos | PostgreSQL |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var level in shapes[0].Next.Keys)
        {
            var first = Measurement.Median([.. shapes[0].Measured[level].Select(m => m.Whole)]).PerSecond;
            foreach (var shape in shapes)
            {
                var median = Measurement.Median([.. shape.Measured[level].Select(m => m.Whole)]);
                var parts = Enumerable.Range(0, shape.Measured[level][0].Parts.Length).Select(i => shape.Measured[level].Select(m => m.Parts[i]).Order().ElementAt(shape.Measured[level].Count / 2)).ToArray();
                var told = parts.Length == 1 ? "| | |" : string.Create(CultureInfo.InvariantCulture, $"{parts[0]:F1} | {parts[1]:F1} | {parts[2]:F1} |");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {level} | {shape.Name} | {median.PerSecond:F0} | {median.PerSecond / first:F2} | {median.P50:F2} | {median.P99:F2} | {parts.Sum():F1} | {told}"));
            }
        }
    }
}
