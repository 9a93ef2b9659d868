using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Listing;

/// <summary>Reads lists from the index so that nothing of what crashes and failures left there is shown: the grain of each touched row is asked first.</summary>
internal sealed partial class TouchedRows(ILogger<TouchedRows> logger)
{
    // A settled row that vanishes lets others into the page. While calls change things all the time there may always be some.
    private const int MaxRounds = 10;

    /// <summary>
    /// Reads until no row that is read is touched. In the end those are left out that stand for nothing, or for what cannot be read: one such thing must not hide the others.
    /// </summary>
    /// <param name="read">Reads the rows.</param>
    /// <param name="touched">What the touched ones stand for.</param>
    /// <param name="settle">Has a row put right; whether there is what it stands for.</param>
    /// <param name="without">The rows without those of what there is not.</param>
    public async Task<T> Read<T, TId>(Func<Task<T>> read, Func<T, IEnumerable<TId>> touched, Func<TId, Task<bool>> settle, Func<T, HashSet<TId>, T> without)
    {
        var leftOut = new HashSet<TId>();
        for (var round = 1; ; round++)
        {
            var rows = await read();
            var ids = touched(rows).Distinct().Where(id => !leftOut.Contains(id)).ToArray();
            if (ids.Length == 0) return leftOut.Count == 0 ? rows : without(rows, leftOut);
            var answers = await Task.WhenAll(ids.Select(id => TrySettle(id, settle)));
            leftOut.UnionWith(ids.Where((_, i) => answers[i] is null || (round == MaxRounds && answers[i] is false)));
            if (round == MaxRounds) return without(rows, leftOut);
        }
    }

    // Null if it cannot be read.
    private async Task<bool?> TrySettle<TId>(TId id, Func<TId, Task<bool>> settle)
    {
        try
        {
            return await settle(id);
        }
        catch (Exception e) when (e is not KmsException { Code: KmsErrorCode.ServiceUnavailable or KmsErrorCode.Throttled })
        {
            LogLeftOut(logger, id?.ToString(), e);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Name} is left out of a list: what is stored of it cannot be read.")]
    private static partial void LogLeftOut(ILogger logger, string? name, Exception exception);
}
