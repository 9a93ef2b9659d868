using Orleans.Kms.Errors;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <summary>What LookupEvents compares.</summary>
internal static class LookupFilters
{
    // What the reader compares at once.
    private const int Max = 2;
    private const string Parameter = "LookupAttribute";

    /// <summary>What counts of what a caller says: of the same key the later, then the first two.</summary>
    /// <exception cref="KmsException"><c>InvalidParameter.LookupAttribute</c>; <see cref="KmsErrorCode.UnsupportedOperation"/>: a key that the API knows and the service does not.</exception>
    public static IReadOnlyList<(TrailField Field, string Value)> Of(EventFilter[]? attributes)
    {
        if (attributes is null) return [];
        if (attributes.Length > EventQuery.MaxAttributes) throw TrailErrors.Invalid(Parameter, $"may be given up to {EventQuery.MaxAttributes} times");
        var filters = new List<(TrailField Field, string Value)>();
        foreach (var attribute in attributes)
        {
            var filter = (Field: Field(attribute?.Key), Value: Checked(attribute?.Value));
            var known = filters.FindIndex(other => other.Field == filter.Field);
            if (known < 0) filters.Add(filter);
            else filters[known] = filter;
        }
        return filters.Count <= Max ? filters : filters[..Max];
    }

    private static TrailField Field(string? key) => key switch
    {
        "ServiceName" => TrailField.ServiceName,
        "EventName" => TrailField.EventName,
        "EventType" => TrailField.EventType,
        "EventRW" => TrailField.EventRW,
        "EventId" => TrailField.EventId,
        "User" => TrailField.User,
        "EventAccessKeyId" => TrailField.EventAccessKeyId,
        "PrincipalId" => TrailField.PrincipalId,
        "SourceIpAddress" => TrailField.SourceIpAddress,
        "ResourceType" => TrailField.ResourceType,
        "ResourceName" => TrailField.ResourceName,
        "RoleName" => TrailField.RoleName,
        // The cloud service's own mark, which no event has here: to find nothing would look as if nothing had happened.
        "SensitiveAction" => throw TrailErrors.NotOffered("The LookupAttribute SensitiveAction"),
        _ => throw TrailErrors.Invalid(Parameter, "has a Key that is not known"),
    };

    private static string Checked(string? value) =>
        value is { Length: > 0 and <= EventFilter.MaxValueLength } ? value : throw TrailErrors.Invalid(Parameter, $"has a Value of 1 to {EventFilter.MaxValueLength} characters");
}
