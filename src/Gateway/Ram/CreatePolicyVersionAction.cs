using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class CreatePolicyVersionAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyName", "PolicyDocument");
        var document = RamParameters.Quoted(call, "PolicyDocument")!;
        var rotate = call.Text("RotateStrategy") switch
        {
            null or "None" => false,
            "DeleteOldestNonDefaultVersionWhenLimitExceeded" => true,
            _ => throw RamParameters.Invalid("RotateStrategy", "has to be None or DeleteOldestNonDefaultVersionWhenLimitExceeded"),
        };
        var setAsDefault = RamParameters.Flag(call, "SetAsDefault");
        var version = await call.Grains.Policies(call.AccountId).CreatePolicyVersion(call.Required("PolicyName"), document, setAsDefault, rotate);
        RamAnswers.Object(call.Response, "PolicyVersion", version, PolicyFields.WriteVersion);
    }
}
