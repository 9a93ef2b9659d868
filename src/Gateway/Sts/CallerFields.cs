using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Sts;

/// <summary>Writes who a caller is.</summary>
internal static class CallerFields
{
    /// <summary>Writes it. A session has a role and no user, all others a user and no role; the account root's user id is the account's.</summary>
    public static void Write(ResponseWriter response, CallerIdentity caller)
    {
        response.Text("IdentityType", Name(caller.Type));
        response.Text("AccountId", caller.AccountId);
        response.Text("PrincipalId", caller.PrincipalId);
        if (caller.Type != IdentityType.AssumedRoleUser) response.Text("UserId", caller.PrincipalId);
        if (caller.RoleId is not null) response.Text("RoleId", caller.RoleId);
        response.Text("Arn", caller.Arn);
    }

    private static string Name(IdentityType type) => type switch
    {
        IdentityType.Account => "Account",
        IdentityType.RamUser => "RAMUser",
        IdentityType.AssumedRoleUser => "AssumedRoleUser",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
