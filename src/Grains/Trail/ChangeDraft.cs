using System.Text;

namespace Orleans.Kms.Grains.Trail;

/// <summary>The event of a change as it is known before the change is made. It goes with the call to the grains that make the change durable.</summary>
/// <param name="Change">Tells the change from all others.</param>
/// <param name="AccountId">The account that the event belongs to.</param>
/// <param name="Time">When it happened (UTC).</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Json">The event.</param>
/// <param name="Terms">What it is found by.</param>
/// <param name="Nonce">The nonce of the request.</param>
[GenerateSerializer, Immutable, Alias("kms.change-draft")]
internal sealed record ChangeDraft(
    [property: Id(0)] Guid Change, [property: Id(1)] long AccountId, [property: Id(2)] DateTimeOffset Time, [property: Id(3)] Guid EventId, [property: Id(4)] byte[] Json,
    [property: Id(5)] TrailTerm[] Terms, [property: Id(6)] UsedNonce? Nonce)
{
    private const string ContextKey = "kms.change";

    /// <summary>The change that the current call is about to make; null if it is none.</summary>
    public static ChangeDraft? Current => RequestContext.Get(ContextKey) as ChangeDraft;

    /// <summary>The draft of an event.</summary>
    public static ChangeDraft Of(TrailEvent e) => new(Guid.CreateVersion7(e.Time), e.AccountId, e.Time, e.Id, e.Json.ToArray(), e.Terms, e.Nonce);

    /// <summary>The draft with what is known since: fields of the event that it has not, as JSON without the braces.</summary>
    public ChangeDraft Telling(string fields, params ReadOnlySpan<TrailTerm> terms) => this with { Json = [.. Json.AsSpan(..^1), (byte)',', .. Encoding.UTF8.GetBytes(fields), (byte)'}'], Terms = [.. Terms, .. terms] };

    /// <summary>Makes the calls from now on part of this change.</summary>
    public void Attach() => RequestContext.Set(ContextKey, this);

    /// <summary>Makes the calls from now on part of no change, whatever came with the call that is served.</summary>
    public static void Detach()
    {
        if (RequestContext.Get(ContextKey) is not null) RequestContext.Remove(ContextKey);
    }

    /// <summary>The event.</summary>
    public TrailEvent Event() => new(AccountId, Time, EventId, Json, Terms) { Nonce = Nonce, Change = Change };
}
