using System.Collections.Concurrent;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>A CMK that all callers use, and take out of use and back.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Import">How its material comes in; null if it was made by the service.</param>
internal sealed record SharedKey(string Id, ImportableMaterial? Import)
{
    private const int MaxKept = 32;

    // Each change with an unknown outcome may explain a later answer: of many such the checker would learn nothing any more.
    private const int MaxUnknown = 3;
    private readonly ConcurrentQueue<Secret> _secrets = new();
    private int _unknown;

    /// <summary>Whether too little is known of it to go on.</summary>
    public bool IsSpent => Volatile.Read(ref _unknown) > MaxUnknown;

    public void ChangeIsUnknown() => Interlocked.Increment(ref _unknown);

    /// <summary>Keeps something to decrypt.</summary>
    public void Keep(Secret secret)
    {
        _secrets.Enqueue(secret);
        if (_secrets.Count > MaxKept) _secrets.TryDequeue(out _);
    }

    /// <summary>Something to decrypt; null if there is nothing yet.</summary>
    public Secret? Any(Dice dice) => _secrets.ToArray() is { Length: > 0 } all ? dice.Of(all) : null;
}
