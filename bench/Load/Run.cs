using System.Text;
using System.Text.Json;

namespace Orleans.Kms.Load;

/// <summary>Measures the service, the service with another setting, by default without its trail, and the bare server, in turns, and prints a table.</summary>
internal static class Run
{
    // As long as a data key in Base64.
    private static readonly string Plaintext = Uri.EscapeDataString(Convert.ToBase64String(new byte[32]));

    private sealed record Scenario(string Level, string Action, Func<byte[]> Next)
    {
        /// <summary>A real answer.</summary>
        public byte[] Answer { get; set; } = [];
        public List<Measurement> Service { get; } = [];
        public List<Measurement> Other { get; } = [];
        public List<Measurement> Bare { get; } = [];
    }

    public static async Task All(LoadSettings settings)
    {
        var (service, signer) = await Server.Service(null);
        await using var serviceEnd = service;
        var (other, otherSigner) = await Server.Service(settings.Other);
        await using var otherEnd = other;
        await using var bare = await Server.Bare();
        var toService = await Open(service, settings.Clients);
        var toOther = await Open(other, settings.Clients);
        var toBare = await Open(bare, settings.Clients);
        var scenarios = await Scenarios(toService[0], signer);
        var otherScenarios = await Scenarios(toOther[0], otherSigner);
        var time = TimeSpan.FromSeconds(settings.Seconds);
        for (var round = 0; round <= settings.Rounds; round++)
        {
            foreach (var (scenario, otherScenario) in scenarios.Zip(otherScenarios))
            {
                var ours = await Measurement.Of(service, toService, time, scenario.Next);
                var changed = await Measurement.Of(other, toOther, time, otherScenario.Next);
                await toBare[0].Send((byte[])[.. Encoding.ASCII.GetBytes($"PUT /answer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {scenario.Answer.Length}\r\n\r\n"), .. scenario.Answer]);
                var theirs = await Measurement.Of(bare, toBare, time, scenario.Next);
                // The first round only warms up.
                if (round == 0) continue;
                scenario.Service.Add(ours);
                scenario.Other.Add(changed);
                scenario.Bare.Add(theirs);
            }
            await Console.Error.WriteLineAsync(round == 0 ? "warm" : $"round {round} of {settings.Rounds}");
        }
        foreach (var connection in toService.Concat(toOther).Concat(toBare)) connection.Dispose();
        Print(scenarios, settings.Other == LoadSettings.WithoutTrail ? "without trail" : settings.Other);
    }

    private static async Task<List<Scenario>> Scenarios(Connection connection, Signer signer)
    {
        var scenarios = new List<Scenario>();
        foreach (var level in new[] { "SOFTWARE", "HSM" })
        {
            var keyId = await Field(connection, signer.Request("CreateKey", [("ProtectionLevel", level)]), "KeyMetadata", "KeyId");
            var blob = Uri.EscapeDataString(await Field(connection, signer.Request("Encrypt", [("KeyId", keyId), ("Plaintext", Plaintext)]), "CiphertextBlob"));
            scenarios.Add(new(level, "Encrypt", () => signer.Request("Encrypt", [("KeyId", keyId), ("Plaintext", Plaintext)])));
            scenarios.Add(new(level, "Decrypt", () => signer.Request("Decrypt", [("CiphertextBlob", blob)])));
            scenarios.Add(new(level, "GenerateDataKey", () => signer.Request("GenerateDataKey", [("KeyId", keyId)])));
        }
        var callers = new Callers(connection, signer);
        var tagged = await Field(connection, signer.Request("CreateKey", [("ProtectionLevel", "SOFTWARE")]), "KeyMetadata", "KeyId");
        await connection.Send(signer.Request("TagResource", [("KeyId", tagged), ("Tags", Uri.EscapeDataString("""[{"TagKey":"Project","TagValue":"Apollo"}]"""))]));
        foreach (var (caller, name) in new[] { (await callers.User(), "SOFTWARE, RAM user"), (await callers.Session(), "SOFTWARE, role session") })
        {
            scenarios.Add(new(name, "Encrypt", () => caller.Request("Encrypt", [("KeyId", tagged), ("Plaintext", Plaintext)])));
        }
        foreach (var scenario in scenarios)
        {
            scenario.Answer = (await connection.Send(scenario.Next())).ToArray();
            if (!scenario.Answer.AsSpan().StartsWith("{\"CiphertextBlob"u8) && !scenario.Answer.AsSpan().StartsWith("{\"Key"u8) && !scenario.Answer.AsSpan().StartsWith("{\"Plaintext"u8))
            {
                throw new InvalidOperationException($"{scenario.Level} {scenario.Action}: {Encoding.UTF8.GetString(scenario.Answer)}");
            }
        }
        return scenarios;
    }

    internal static async Task<string> Field(Connection connection, byte[] request, params string[] path)
    {
        using var answer = JsonDocument.Parse(await connection.Send(request));
        return path.Aggregate(answer.RootElement, (element, name) => element.GetProperty(name)).GetString()!;
    }

    private static async Task<Connection[]> Open(Server server, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Connection.Open(server.EndPoint)));

    private static void Print(IEnumerable<Scenario> scenarios, string other)
    {
        Console.WriteLine($"| level | action | requests/s | p50 ms | p99 ms | CPU us | {other}: requests/s | p50 ms | p99 ms | CPU us | throughput ratio | bare: requests/s | CPU us | throughput ratio |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var scenario in scenarios)
        {
            var (ours, changed, bare) = (Measurement.Median(scenario.Service), Measurement.Median(scenario.Other), Measurement.Median(scenario.Bare));
            Console.WriteLine(
                $"| {scenario.Level} | {scenario.Action} | {Row(ours)} | {Row(changed)} | {ours.PerSecond / changed.PerSecond:F2} | {bare.PerSecond:F0} | {bare.CpuMicroseconds:F1} | {ours.PerSecond / bare.PerSecond:F2} |");
        }
    }

    private static string Row(Measurement measured) => $"{measured.PerSecond:F0} | {measured.P50:F2} | {measured.P99:F2} | {measured.CpuMicroseconds:F1}";
}
