using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Listing;

/// <summary>Reads lists from the index so that nothing of what crashes and failures left there is shown: the grain of each touched row is asked first.</summary>
internal sealed partial class TouchedRows(ILogger<TouchedRows> logger)
{
    // A settled row that vanishes lets others into the page. While calls change things all the time there may always be some.
    private const int MaxRounds = 10;

    /// <summary>Reads until no row that is read is touched. Those that still are in the end are left out unless their grains say that there is such a thing.</summary>
    /// <param name="read">Reads the rows.</param>
    /// <param name="touched">What the touched ones stand for.</param>
    /// <param name="settle">Has a row put right; whether there is what it stands for.</param>
    /// <param name="without">The rows without those of what there is not.</param>
    public async Task<T> Read<T, TId>(Func<Task<T>> read, Func<T, IEnumerable<TId>> touched, Func<TId, Task<bool>> settle, Func<T, HashSet<TId>, T> without)
    {
        for (var round = 1; ; round++)
        {
            var rows = await read();
            var ids = touched(rows).Distinct().ToArray();
            if (ids.Length == 0) return rows;
            var there = await Task.WhenAll(ids.Select(id => TrySettle(id, settle)));
            if (round == MaxRounds) return without(rows, [.. ids.Where((_, i) => !there[i])]);
        }
    }

    // One that cannot be read must not hide the others.
    private async Task<bool> TrySettle<TId>(TId id, Func<TId, Task<bool>> settle)
    {
        try
        {
            return await settle(id);
        }
        catch (Exception e) when (e is not KmsException { Code: KmsErrorCode.ServiceUnavailable or KmsErrorCode.Throttled })
        {
            LogLeftOut(logger, id?.ToString(), e);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Name} is left out of lists: what is stored of it cannot be read.")]
    private static partial void LogLeftOut(ILogger logger, string? name, Exception exception);
}
