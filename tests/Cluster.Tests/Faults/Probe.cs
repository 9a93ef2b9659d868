using System.Diagnostics;
using Orleans.Kms.Cluster.Tests.Clients;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Faults;

/// <summary>Keys that nobody takes out of use, spread over all silos: they tell when the service serves again.</summary>
internal sealed class Probe(KmsClient client, Recorder recorder)
{
    private const int KeyCount = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly List<string> _keys = [];

    /// <summary>Makes the keys; the service has to be in order.</summary>
    /// <param name="patient">Waits for the first calls, which take long.</param>
    /// <exception cref="InvalidOperationException">A key cannot be made.</exception>
    public async Task Prepare(KmsClient patient)
    {
        for (var place = 0; place < KeyCount; place++)
        {
            var answer = await patient.Send("CreateKey", ("ProtectionLevel", place % 2 == 0 ? "HSM" : "SOFTWARE"));
            recorder.Add(answer.About("CreateKey", "a probe"));
            if (!answer.IsDone) throw new InvalidOperationException($"The service makes no keys: {answer.Code}");
            _keys.Add(answer.Text("KeyMetadata", "KeyId"));
        }
    }

    /// <summary>How long it takes from now on until each key has served a call.</summary>
    /// <exception cref="InvalidOperationException">It takes minutes.</exception>
    public async Task<TimeSpan> UntilServed()
    {
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(_keys.Select(key => UntilServed(key, begun)));
        return Stopwatch.GetElapsedTime(begun);
    }

    private async Task UntilServed(string key, long begun)
    {
        while (true)
        {
            var answer = await client.Send("Encrypt", ("KeyId", key), ("Plaintext", "probe"));
            recorder.Add(answer.About("Encrypt", "a probe"));
            if (answer.IsDone) return;
            if (Stopwatch.GetElapsedTime(begun) > Patience) throw new InvalidOperationException($"Key {key} is not served any more: {answer.Code}");
            await Task.Delay(Interval);
        }
    }
}
