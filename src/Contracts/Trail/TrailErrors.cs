using Orleans.Kms.Errors;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Trail;

/// <summary>The failures of ActionTrail that say more than their code.</summary>
public static class TrailErrors
{
    /// <summary>A required parameter is absent or empty: there is a code for each, as <c>MissingName</c>.</summary>
    /// <param name="parameter">The parameter's name as the API spells it.</param>
    public static KmsException Missing(string parameter) => RamErrors.Missing(parameter);

    /// <summary>A parameter is malformed or out of range: there is a code for each, as <c>InvalidParameter.StartTime</c>.</summary>
    /// <param name="parameter">The parameter's name as the API spells it.</param>
    /// <param name="rule">What would be right, from the verb on.</param>
    public static KmsException Invalid(string parameter, string rule) => RamErrors.Invalid(parameter, $"The parameter {parameter} {rule}.");

    /// <summary>A token for a page was given out for another query or account, or never.</summary>
    public static KmsException InvalidNextToken() => Invalid("NextToken", "is none that this query gave: it goes with the same account, filters, direction and times");

    /// <summary>Something that the API knows and this service does not offer.</summary>
    /// <param name="what">What it is.</param>
    public static KmsException NotOffered(string what) => new(KmsErrorCode.UnsupportedOperation, $"{what} is not supported.");

    /// <summary>The account has no such trail.</summary>
    /// <param name="name">The name.</param>
    public static KmsException NotFound(string name) => new(KmsErrorCode.TrailNotFound, $"The trail {name} does not exist.");

    /// <summary>The account has a trail of that name.</summary>
    /// <param name="name">The name.</param>
    public static KmsException AlreadyExists(string name) => new(KmsErrorCode.TrailAlreadyExists, $"The trail {name} exists already.");

    /// <summary>The account has as many trails as it may.</summary>
    /// <param name="limit">How many that are.</param>
    public static KmsException LimitExceeded(int limit) => new(KmsErrorCode.TrailLimitExceeded, $"There may be {limit} trails in an account.");

    /// <summary>A bucket cannot be delivered to.</summary>
    /// <param name="message">Why, and what the operator has to do about it.</param>
    public static KmsException Bucket(string message) => new(KmsErrorCode.InsufficientBucketPolicy, message);
}
