using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <content>Events.</content>
internal sealed partial class ActionTrailGrain
{
    // A lookup may take a good part of a second of one core, and those of all accounts share the cores for it in the order in which they come.
    private const int MaxAtOnce = 8;

    // All of the account's lookups come here, whatever silo they come from.
    private (long Second, int Count) _lookups;
    private int _underWay;
    private readonly HashSet<(int, long)> _damaged = [];

    public async Task<EventPage> LookupEvents(EventQuery query)
    {
        var lookup = Lookup.Of(AccountId, query ?? throw KmsException.InvalidParameter(nameof(query)));
        var (window, after) = Page(lookup, query);
        TakeTurn();
        var page = await Read(lookup, window, after);
        if (page.Damaged is { } block && _damaged.Add(block)) LogDamaged(logger, block.Chain, block.Number);
        return new([.. page.Events.Select(json => json.ToArray())], page.Next is { } next ? tokens.Seal(lookup, window, next) : null, window.Start, window.End);
    }

    // All pages are of the window of the first one, which may have been counted from that moment.
    private (LookupWindow Window, TrailCursor? After) Page(Lookup lookup, EventQuery query)
    {
        if (string.IsNullOrEmpty(query.NextToken)) return (LookupWindow.Of(query.StartTime, query.EndTime, clock.GetUtcNow()), null);
        var (window, after) = tokens.Open(lookup, query.NextToken);
        return window.Fits(query.StartTime, query.EndTime) ? (window, after) : throw TrailErrors.InvalidNextToken();
    }

    private async Task<TrailPage> Read(Lookup lookup, LookupWindow window, TrailCursor? after)
    {
        _underWay++;
        try { return await reader.Lookup(AccountNumber.Of(AccountId), new(window.Start, window.End, lookup.IsForward, lookup.Filters), after, lookup.Max); }
        catch (DbException e) { throw e.Unavailable(); }
        finally { _underWay--; }
    }

    private void TakeTurn()
    {
        var second = clock.GetUtcNow().ToUnixTimeSeconds();
        _lookups = _lookups.Second == second ? (second, _lookups.Count + 1) : (second, 1);
        if (_lookups.Count > Limits.LookupsPerSecond || _underWay == MaxAtOnce) throw new KmsException(KmsErrorCode.UserThrottled);
    }

    [LoggerMessage(1, LogLevel.Error, "An event in block {Number} of chain {Chain} of the trail cannot be read: it was altered, and lookups leave it out. kms-admin trail verify tells more.")]
    private static partial void LogDamaged(ILogger logger, int chain, long number);
}
