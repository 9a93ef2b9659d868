using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Sts;

internal static class AssumeRoleAction
{
    private const string SourceIdentity = "SourceIdentity";

    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "RoleArn", "RoleSessionName");
        var settings = new SessionSettings(RamParameters.Integer(call, "DurationSeconds"), call.Text("Policy"), call.Text("ExternalId"));
        var sourceIdentity = RamParameters.Quoted(call, SourceIdentity);
        if (sourceIdentity is { Length: < 2 or > 64 }) throw RamParameters.Invalid(SourceIdentity, "has to have 2 to 64 characters");
        var session = await call.Grains.Sts(call.AccountId).AssumeRole(call.Required("RoleArn"), call.Required("RoleSessionName"), settings);
        RamAnswers.Object(call.Response, "Credentials", session.Credentials, SessionFields.WriteCredentials);
        RamAnswers.Object(call.Response, "AssumedRoleUser", session, SessionFields.WriteUser);
        if (sourceIdentity is not null) call.Response.Text(SourceIdentity, sourceIdentity);
    }
}
