using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Sts;

/// <summary>Writes a session of a role.</summary>
internal static class SessionFields
{
    /// <summary>What its requests are signed with, the one time that it is told.</summary>
    public static void WriteCredentials(ResponseWriter response, TemporaryCredentials credentials)
    {
        response.Text("AccessKeyId", credentials.AccessKeyId);
        response.Text("AccessKeySecret", credentials.AccessKeySecret);
        response.Text("SecurityToken", credentials.SecurityToken);
        response.Time("Expiration", credentials.Expiration);
    }

    /// <summary>Who it is.</summary>
    public static void WriteUser(ResponseWriter response, AssumedRole session)
    {
        response.Text("Arn", session.Arn);
        response.Text("AssumedRoleId", session.AssumedRoleId);
    }
}
