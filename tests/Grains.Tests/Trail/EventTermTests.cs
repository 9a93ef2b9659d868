using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>That events are found by what they tell, and by nothing else.</summary>
public sealed class EventTermTests
{
    public static TheoryData<string> Methods => [.. EventSamples.Methods().Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct()];

    [Theory, MemberData(nameof(Methods))]
    public void An_event_is_found_by_what_it_tells(string name)
    {
        foreach (var method in EventSamples.Methods().Where(method => $"{method.DeclaringType!.Name}.{method.Name}" == name))
        {
            RequireTerms(EventSamples.Call(method).Made(EventSamples.Result(method), null));
            RequireTerms(EventSamples.Call(method).Made(null, new(KmsErrorCode.NoPermission)));
        }
    }

    [Fact]
    public void So_are_those_of_the_service_of_operators_and_of_requests_that_were_not_let_in()
    {
        var (events, time) = (EventCall.Events, EventCall.Time);
        RequireTerms(events.OfService("TrailRolledBack", EventCall.Account, time, EventCall.Id, [("ACS::ActionTrail::Chain", "3e0e2f0a-6f3f-4d5c-8f5e-0c8f5b0f9a11")], [("LastEventSigned", "4")]));
        RequireTerms(events.OfOperator("add-root-key", EventCall.Account, time, EventCall.Id, "root", "kms-root-2", 2, "done: made"));
        RequireTerms(events.OfFailedAuthentication(new(EventCall.Account, "LTAIx", "17", null, default, EventCall.Facts), null, new("kms", "Encrypt"), new(KmsErrorCode.SignatureMismatch), time, EventCall.Id));
        RequireTerms(events.OfRefusal(new(new("kms", "DeleteAlias"), [new("AliasName", "alias/a")], "InvalidParameter", "no"), new(EventCall.Account, "LTAIx", "17", null, default, EventCall.Facts), null, time, EventCall.Id));
    }

    private static void RequireTerms(TrailEvent made)
    {
        using var json = JsonDocument.Parse(made.Json);
        var told = Enum.GetValues<TrailField>().Where(field => field != TrailField.EventId)
            .SelectMany(field => EventValues.Of(json.RootElement, field).Where(value => TrailTerm.IsKept(field, value)).Select(value => TrailTerm.Of(field, value))).Distinct();
        Assert.Equal(told.OrderBy(Order), made.Terms.Where(term => term.Field != TrailField.EventId).Distinct().OrderBy(Order));
    }

    private static (TrailField, long) Order(TrailTerm term) => (term.Field, term.Value);
}
