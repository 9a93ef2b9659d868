using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Many callers, each with one call after the other, until they are told to stop.</summary>
internal sealed class Workload(Func<int, KmsClient> clientOf, Recorder recorder, Ledger ledger, Dice dice)
{
    private const int SharedKeyCount = 16;

    // Every third of them is one with imported material.
    private const int ImportEvery = 3;
    private readonly SharedKey[] _shared = new SharedKey[SharedKeyCount];

    /// <summary>Makes the shared keys; the service has to be in order.</summary>
    /// <exception cref="InvalidOperationException">A key cannot be made.</exception>
    public async Task Prepare()
    {
        using var client = clientOf(0);
        for (var place = 0; place < SharedKeyCount; place++) _shared[place] = await new KeyMaker(client, recorder, ledger).Shared(place, place % ImportEvery == 0) ?? throw new InvalidOperationException("The service makes no keys.");
    }

    /// <summary>Has so many callers call until <paramref name="stop"/>.</summary>
    public async Task Run(int callers, CancellationToken stop) =>
        await Task.WhenAll(Enumerable.Range(0, callers).Select(number => (Number: number, Dice: dice.Fork())).ToArray().Select(caller => Task.Run(() => Call(caller.Number, caller.Dice, stop), CancellationToken.None)));

    private async Task Call(int number, Dice dice, CancellationToken stop)
    {
        using var client = clientOf(number);
        var maker = new KeyMaker(client, recorder, ledger);
        var shared = new SharedCaller(client, recorder, ledger, dice);
        var own = new OwnCaller(client, maker, recorder, ledger, dice, number);
        while (!stop.IsCancellationRequested)
        {
            var place = dice.Below(SharedKeyCount);
            var key = Volatile.Read(ref _shared[place]);
            // Two callers may renew it at once: then one of the new keys is nobody's.
            if (key.IsSpent && await maker.Shared(place, key.Import is not null) is { } next) Volatile.Write(ref _shared[place], next);
            var isServed = dice.Below(100) < 45 ? await own.Write() : await shared.Use(key);
            // What is down is not helped by asking as fast as one can.
            if (!isServed) await Task.Delay(TimeSpan.FromMilliseconds(50 + dice.Below(50)), CancellationToken.None);
        }
    }
}
