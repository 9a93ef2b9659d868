namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>Whom a statement of a trust policy is about: all users and roles of some accounts, and single ones. Their names stand for themselves, without wildcards.</summary>
internal sealed class TrustedPrincipals(string[] accounts, string[] identities)
{
    private const string Begin = "acs:ram::";
    private const int AccountDigits = 16;
    private const int MaxName = 64;

    /// <summary>Whether a caller is one of them. Allocates nothing.</summary>
    public bool Include(string accountId, string arn) => accounts.AsSpan().Contains(accountId) || identities.AsSpan().Contains(arn);

    /// <summary>The account whose root a text names, <c>acs:ram::1000000000000001:root</c>, or null.</summary>
    public static string? AccountOfRoot(string arn) => Relative(arn) is "root" ? arn.Substring(Begin.Length, AccountDigits) : null;

    /// <summary>Whether a text names a user or a role, <c>acs:ram::1000000000000001:user/alice</c>.</summary>
    public static bool IsIdentity(string arn) => Relative(arn)?.Split('/') is ["user" or "role", { Length: > 0 and <= MaxName } name] && name.All(IsOfName);

    private static string? Relative(string arn)
    {
        var isOfAccount = arn.Length > Begin.Length + AccountDigits && arn.StartsWith(Begin, StringComparison.Ordinal)
            && arn.AsSpan(Begin.Length, AccountDigits).IndexOfAnyExceptInRange('0', '9') < 0 && arn[Begin.Length + AccountDigits] == ':';
        return isOfAccount ? arn[(Begin.Length + AccountDigits + 1)..] : null;
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@';
}
