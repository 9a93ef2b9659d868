using System.Diagnostics;
using Orleans.Kms.Cluster.Tests.Clients;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Faults;

/// <summary>Keys that nobody takes out of use, spread over all silos: they tell when the service serves again.</summary>
/// <param name="patient">Makes keys.</param>
/// <param name="client">Asks for what may not be served, and does not wait for long.</param>
/// <param name="recorder">Records all of it.</param>
internal sealed class Probe(KmsClient patient, KmsClient client, Recorder recorder)
{
    private const int KeyCount = 24;
    private const string Subject = "a probe";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private string[] _keys = [];

    /// <summary>Makes new keys: those that were there before may all have left the silo that was the last one to be restarted.</summary>
    /// <exception cref="InvalidOperationException">A key cannot be made.</exception>
    public async Task Spread() => _keys = await Task.WhenAll(Enumerable.Range(0, KeyCount).Select(NewKey));

    /// <summary>How long it takes from now on until each key has served a call.</summary>
    /// <exception cref="InvalidOperationException">It takes minutes.</exception>
    public async Task<TimeSpan> UntilServed()
    {
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(_keys.Select(key => UntilServed(key, begun)));
        return Stopwatch.GetElapsedTime(begun);
    }

    private async Task<string> NewKey(int place)
    {
        for (var begun = Stopwatch.GetTimestamp(); ; await Task.Delay(Interval))
        {
            var answer = await patient.Send("CreateKey", ("ProtectionLevel", place % 2 == 0 ? "HSM" : "SOFTWARE"));
            recorder.Add(answer.About("CreateKey", Subject));
            if (answer.IsDone) return answer.Text("KeyMetadata", "KeyId");
            if (Stopwatch.GetElapsedTime(begun) > Patience) throw new InvalidOperationException($"The service makes no keys any more: {answer.Code}");
        }
    }

    private async Task UntilServed(string key, long begun)
    {
        while (true)
        {
            var answer = await client.Send("Encrypt", ("KeyId", key), ("Plaintext", Subject));
            recorder.Add(answer.About("Encrypt", Subject));
            if (answer.IsDone) return;
            if (Stopwatch.GetElapsedTime(begun) > Patience) throw new InvalidOperationException($"Key {key} is not served any more: {answer.Code}");
            await Task.Delay(Interval);
        }
    }
}
