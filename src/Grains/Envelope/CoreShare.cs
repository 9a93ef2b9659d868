using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// Runs what takes a core for long outside the grains' turns: within them a key's calls would all be done before any other, DisableKey among them, and pool threads
/// be taken from every other grain. Each kind of work has at most half of the cores. Calls fail with <see cref="KmsErrorCode.Throttled"/> while too much of it waits.
/// </summary>
internal static class CoreShare
{
    private static readonly SemaphoreSlim KeyPairCores = new(HalfOfCores);
    private static readonly SemaphoreSlim CalculationCores = new(HalfOfCores);
    private static readonly SemaphoreSlim SearchCores = new(HalfOfCores);
    private static readonly TimeSpan KeyPairPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CalculationPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SearchPatience = TimeSpan.FromSeconds(5);

    private static int HalfOfCores => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Makes an RSA key pair, which takes up to seconds, on a thread of its own.</summary>
    public static Task<T> MakeKeyPair<T>(Func<T> make) => Run(make, KeyPairCores, KeyPairPatience, TaskCreationOptions.LongRunning);

    /// <summary>
    /// Does what is done with a key of that spec, but an RSA private key. On P-256 it is done in less time than a way to another thread takes, and so is what RSA public keys do;
    /// secp256k1 and SM2 take a millisecond.
    /// </summary>
    public static ValueTask<T> Calculate<T>(KeySpec spec, Func<T> calculate) => spec is KeySpec.EcP256K or KeySpec.EcSm2 ? new(Calculate(calculate)) : new(calculate());

    /// <summary>Does what takes up to milliseconds, for instance with an RSA private key.</summary>
    public static Task<T> Calculate<T>(Func<T> calculate) => Run(calculate, CalculationCores, CalculationPatience, TaskCreationOptions.None);

    /// <summary>Looks for events in the trail, which takes up to a good part of a second.</summary>
    public static Task<T> Search<T>(Func<T> search) => Run(search, SearchCores, SearchPatience, TaskCreationOptions.None);

    private static async Task<T> Run<T>(Func<T> work, SemaphoreSlim cores, TimeSpan patience, TaskCreationOptions options)
    {
        // The current scheduler is the grain's. What has to wait for the grain's turn, with a core in its hand, would keep that core from all others.
        if (!await cores.WaitAsync(patience).ConfigureAwait(false)) throw new KmsException(KmsErrorCode.Throttled);
        try { return await Task.Factory.StartNew(work, CancellationToken.None, options, TaskScheduler.Default).ConfigureAwait(false); }
        finally { cores.Release(); }
    }
}
