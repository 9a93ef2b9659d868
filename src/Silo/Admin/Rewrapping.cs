using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Import;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Keys;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>
/// Wraps everything under the newest root key that all silos have, while the service serves: first the service key, from when on new material is wrapped under that root key, too; then every
/// key, by its own grain. Whatever was done is durable, and what was not is done by the next run. Retires root keys, because that has to know when this has ended.
/// </summary>
internal sealed partial class Rewrapping(
    ServiceDatabases databases, HsmOptions options, HsmWorkers workers, ServiceKey serviceKey, RootKeyServices silos, WrappingPairs pairs, BatchWriter writer, IGrainFactory grains, SiloPass pass, KeyMetrics metrics, TimeProvider clock,
    ILogger<Rewrapping> logger)
{
    // A key that another process has just made may be half made in the eyes of this one's module, until that has been started anew.
    private const int MaxTries = 4;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private const int AtOnce = 4;
    private const int ReportEvery = 5000;

    // From wrapping in the token until the key is saved, though the caller may have given up: 40 s for a pair, then up to five steps of 15 s, their response timeouts.
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    private DateTimeOffset _lastChange = DateTimeOffset.MinValue;

    /// <summary>Wraps everything anew; gives what is under which root key then.</summary>
    /// <exception cref="StartupException">A token lacks the root key in use, or some keys could not be re-wrapped.</exception>
    public async Task<string> Run(Func<string, Task> report, CancellationToken cancellation)
    {
        var versions = await silos.All(silo => silo.Versions());
        var (inUse, newest) = (serviceKey.Wrapped.RootKeyVersion, versions.Aggregate<IEnumerable<int>>((all, more) => all.Intersect(more)).DefaultIfEmpty().Max());
        if (newest < inUse) throw new StartupException($"Not every token holds {KeyTemplate.RootKeyLabel(inUse)}, which is in use: bring it in with kms-admin import-root-key, or take such a token out of Kms:Hsm:Tokens.");
        if (await RewrapServiceKey(newest)) await report($"The service key is wrapped under {KeyTemplate.RootKeyLabel(newest)}; new keys are, too.");
        var (rewrapped, failed) = await RewrapKeys(newest, report, cancellation);
        var census = await Census(cancellation);
        LogRewrapped(logger, rewrapped, newest, failed, census.Describe());
        await report($"{rewrapped} key versions were re-wrapped.");
        if (failed + census.Failures.Count == 0) return $"in the database: the service key under {KeyTemplate.RootKeyLabel(newest)}; {census.Describe()}";
        throw new StartupException($"{failed} keys could not be re-wrapped (the log tells which), {census.Failures.Count} cannot be read; in the database: {census.Describe()}. Run this again.");
    }

    /// <summary>Destroys a root key that wraps nothing any more.</summary>
    /// <exception cref="StartupException">It wraps something.</exception>
    public async Task<string> Retire(int version, Func<string, Task> report, CancellationToken cancellation)
    {
        var inUse = serviceKey.Wrapped.RootKeyVersion;
        if (version == inUse) throw new StartupException(Retirement.Refusal(version, inUse, new RootKeyCensus())!);
        // Of what was done beside another silo nothing is known here.
        var lastChange = databases.AreShared ? clock.GetUtcNow() : _lastChange;
        // Calls that began before may still bring in what they made under the old root key.
        if (lastChange + LongestCall - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await report($"Waiting for {Math.Ceiling(wait.TotalSeconds)} s, until the calls that began before the re-wrapping have ended.");
            await Task.Delay(wait, clock, cancellation);
        }
        pairs.RenewInToken();
        var census = await Census(cancellation);
        // What the database says counts, too: a re-wrapping whose end failed may have changed that only.
        var stored = AdminContext.ServiceKey(databases)?.RootKeyVersion ?? version;
        var outcome = await OnOwnThread(() => Retirement.Retire(new RootKeyTokens(options), version, stored, census));
        LogRetired(logger, version);
        return outcome;
    }

    private async Task<WrappedKey?> TryRewrap(WrappedKey old, int newest)
    {
        try { return await workers.RootKeys(Guid.Empty, KeySpec.Aes256).Rewrap(new HsmKey(Guid.Empty, old), newest); }
        catch (KmsException e) when (e.Code == KmsErrorCode.ServiceUnavailable) { return null; }
    }

    private async Task<bool> RewrapServiceKey(int newest)
    {
        var old = serviceKey.Wrapped;
        // An earlier run may have ended before all silos had heard.
        if (old.RootKeyVersion == newest) await Adopt(old);
        if (old.RootKeyVersion == newest) return false;
        var rewrapped = await TryRewrap(old, newest);
        for (var tries = 1; rewrapped is null && tries < MaxTries; tries++)
        {
            await Task.Delay(BetweenTries, clock);
            rewrapped = await TryRewrap(old, newest);
        }
        if (rewrapped is null)
        {
            var label = KeyTemplate.RootKeyLabel(newest);
            throw new StartupException($"The token cannot wrap under {label}, and nothing was re-wrapped; the log tells how it fails. If it fails every time, a killed command left {label} half made: run kms-admin add-root-key, rewrap under the next one, and retire {label}.");
        }
        if (!await writer.Execute(command => ServiceSecrets.Replace(command, ServiceSecrets.ServiceKey, old.Bytes, rewrapped.RootKeyVersion, rewrapped.Bytes)))
        {
            throw new StartupException("The stored service key is not the one that this service started with: restart the service.");
        }
        await Adopt(rewrapped);
        _lastChange = clock.GetUtcNow();
        LogServiceKey(logger, newest);
        return true;
    }

    private Task<bool[]> Adopt(WrappedKey adopted) => silos.All(async silo =>
    {
        await silo.Adopt(adopted);
        return true;
    });

    private async Task<(int Rewrapped, int Failed)> RewrapKeys(int newest, Func<string, Task> report, CancellationToken cancellation)
    {
        var (rewrapped, failed, walked) = (0, 0, 0);
        foreach (var page in new StoredStates<KeyRecord>(databases.Grains, KeyRecord.StateName).Pages())
        {
            await Parallel.ForEachAsync(page.Where(state => state.Record is not { ProtectionLevel: ProtectionLevel.Software }), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (state, _) =>
            {
                // The service's own key is not among those that are told.
                if (await TryRewrap(state.GrainKey, newest) is { } versions) Interlocked.Add(ref rewrapped, state.GrainKey == TrailKey.GrainKey ? 0 : versions);
                else Interlocked.Increment(ref failed);
            });
            if (walked / ReportEvery != (walked + page.Count) / ReportEvery)
            {
                LogProgress(logger, walked + page.Count, rewrapped);
                await report($"{walked + page.Count} keys were looked at, {rewrapped} key versions re-wrapped.");
            }
            walked += page.Count;
            if (rewrapped > 0) _lastChange = clock.GetUtcNow();
        }
        return (rewrapped, failed);
    }

    private async Task<int?> TryRewrap(string grainKey, int newest)
    {
        try
        {
            pass.Attach();
            var key = grains.GetGrain<IKeyServiceGrain>(grainKey);
            var total = 0;
            int versions;
            do total += versions = await key.Rewrap(newest);
            while (versions == IKeyServiceGrain.RewrappedAtOnce);
            return total;
        }
        catch (Exception e)
        {
            metrics.RewrapFailed();
            LogFailed(logger, grainKey, e);
            return null;
        }
    }

    private Task<RootKeyCensus> Census(CancellationToken cancellation) => RootKeyCensus.Take(
        databases.Grains, async (versionId, place, stored) => (await workers.For(versionId).Open(place, stored)).Bytes, null, cancellation);

    // A token may keep its caller waiting, and that must be no thread of the pool.
    private static Task<T> OnOwnThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    [LoggerMessage(1, LogLevel.Information, "The service key is wrapped under root key {RootKeyVersion} now; new material is, too.")]
    private static partial void LogServiceKey(ILogger logger, int rootKeyVersion);

    [LoggerMessage(2, LogLevel.Information, "Re-wrapping: {Keys} keys were looked at, {Versions} key versions re-wrapped.")]
    private static partial void LogProgress(ILogger logger, int keys, int versions);

    [LoggerMessage(3, LogLevel.Information, "Re-wrapping has ended: {Versions} key versions under root key {RootKeyVersion}, {Failed} keys failed. In the database: {Census}.")]
    private static partial void LogRewrapped(ILogger logger, int versions, int rootKeyVersion, int failed, string census);

    [LoggerMessage(4, LogLevel.Warning, "Key {Key} could not be re-wrapped; running the command again tries it again.")]
    private static partial void LogFailed(ILogger logger, string key, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Root key {RootKeyVersion} was destroyed in the token.")]
    private static partial void LogRetired(ILogger logger, int rootKeyVersion);
}
