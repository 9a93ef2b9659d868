namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>One statement of a document. It matches a request if action, resource and all conditions do.</summary>
internal sealed class Statement(Effect effect, bool isNotAction, WildcardPattern[] actions, ResourcePattern[] resources, Condition[] conditions)
{
    /// <summary>What it does with the requests that it matches.</summary>
    public Effect Effect { get; } = effect;

    /// <summary>What its conditions look at.</summary>
    public RequestNeeds Needs { get; } = conditions.Aggregate(RequestNeeds.None, (needs, condition) => needs | condition.Key.Needs);

    /// <summary>Whether it has a say on a request. Allocates nothing.</summary>
    public bool Matches(in AccessRequest request) => MatchesAction(request.Action) && MatchesResource(request.Resource) && ConditionsHold(in request);

    private bool MatchesAction(string action)
    {
        foreach (var pattern in actions)
        {
            if (pattern.Matches(action)) return !isNotAction;
        }
        return isNotAction;
    }

    private bool MatchesResource(string resource)
    {
        foreach (var pattern in resources)
        {
            if (pattern.Matches(resource)) return true;
        }
        return false;
    }

    private bool ConditionsHold(in AccessRequest request)
    {
        foreach (var condition in conditions)
        {
            if (!condition.Holds(in request)) return false;
        }
        return true;
    }
}
