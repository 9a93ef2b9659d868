using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <summary>What is looked for, checked.</summary>
/// <param name="AccountId">Whose events.</param>
/// <param name="IsForward">Whether the oldest come first.</param>
/// <param name="Filters">What has to hold of them.</param>
/// <param name="Max">How many at most.</param>
internal sealed record Lookup(string AccountId, bool IsForward, IReadOnlyList<(TrailField Field, string Value)> Filters, int Max)
{
    /// <summary>What a query asks for, times and page apart.</summary>
    /// <exception cref="KmsException"><c>InvalidParameter.Direction</c>, <c>InvalidParameter.MaxResults</c>; as <see cref="LookupFilters.Of"/>.</exception>
    public static Lookup Of(string accountId, EventQuery query)
    {
        var isForward = query.Direction switch
        {
            null or "" or "BACKWARD" => false,
            "FORWARD" => true,
            _ => throw TrailErrors.Invalid("Direction", "is FORWARD or BACKWARD"),
        };
        if (query.MaxResults is < 0 or > EventQuery.MaxMaxResults) throw TrailErrors.Invalid("MaxResults", $"is from 0 to {EventQuery.MaxMaxResults}");
        return new(accountId, isForward, LookupFilters.Of(query.LookupAttributes), query.MaxResults == 0 ? EventQuery.DefaultMaxResults : query.MaxResults);
    }

    /// <summary>What all pages have in common, for the token of the next one: its length is in front of each value, so that no two can be taken for others.</summary>
    public byte[] Binding() => Encoding.UTF8.GetBytes(
        string.Concat([$"{AccountId} {IsForward}", .. Filters.Select(filter => FormattableString.Invariant($" {(short)filter.Field} {filter.Value.Length} {filter.Value}"))]));
}
