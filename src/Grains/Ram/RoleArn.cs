using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The name of a role, <c>acs:ram::ACCOUNT:role/NAME</c>.</summary>
/// <param name="AccountId">16 digits.</param>
/// <param name="RoleName">1 to 64 characters.</param>
internal sealed record RoleArn(string AccountId, string RoleName)
{
    private const string Prefix = "acs:ram::";
    private const string Kind = ":role/";
    private const int AccountIdLength = 16;
    private const int MaxNameLength = 64;

    /// <summary>As policies name it among resources.</summary>
    public string Resource => $"acs:ram:*:{AccountId}{Kind}{RoleName}";

    /// <summary>Reads a role's name.</summary>
    /// <exception cref="Errors.KmsException"><c>InvalidParameter.RoleArn</c>.</exception>
    public static RoleArn Parse(string? text)
    {
        if (text is { Length: <= 128 } && text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            var account = text.AsSpan(Prefix.Length);
            var kind = account.IndexOf(Kind, StringComparison.Ordinal);
            if (kind == AccountIdLength && !account[..kind].ContainsAnyExceptInRange('0', '9') && account.Length - kind - Kind.Length is >= 1 and <= MaxNameLength)
            {
                return new(account[..kind].ToString(), account[(kind + Kind.Length)..].ToString());
            }
        }
        throw RamErrors.Invalid("RoleArn", "The parameter RoleArn is not valid. A role's name is acs:ram::<account id>:role/<role name>.");
    }
}
