using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains.Access;

/// <summary>Limits on failed authentications, bound from <c>Kms:Authentication</c>.</summary>
internal sealed class AuthenticationOptions
{
    /// <summary>How many requests of one source may fail authentication in a minute, on one silo. Default 120.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Kms:Authentication:FailuresPerSource is from 1 to 1000000")]
    public int FailuresPerSource { get; set; } = 120;

    /// <summary>How many requests may fail authentication with one access key in a minute. A source that signed rightly with it before has a number of its own. Default 300.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Kms:Authentication:FailuresPerAccessKey is from 1 to 1000000")]
    public int FailuresPerAccessKey { get; set; } = 300;
}
