namespace Orleans.Kms.Load;

/// <summary>Makes callers that are not the root: what they may do is judged by five policies, one of which looks at the key's tag.</summary>
internal sealed class Callers(Connection connection, Signer root)
{
    private const string Ram = "2015-05-01";
    private const string Sts = "2015-04-01";
    private const string Document = """
        {"Version":"1","Statement":[
         {"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt","kms:GenerateDataKey"],"Resource":"acs:kms:*:*:key/*","Condition":{"StringEqualsIgnoreCase":{"kms:tag/Project":["Apollo"]}}},
         {"Effect":"Deny","Action":"kms:ScheduleKeyDeletion","Resource":"*"}]}
        """;
    private static readonly string[] Policies = ["AliyunRAMReadOnlyAccess", "AliyunSTSAssumeRoleAccess", "AliyunKMSReadOnlyAccess", "AliyunActionTrailReadOnlyAccess"];

    /// <summary>A RAM user.</summary>
    public async Task<Signer> User()
    {
        await Make("CreateUser", ("UserName", "bench"));
        await Make("CreatePolicy", ("PolicyName", "bench"), ("PolicyDocument", Document));
        await Attach("User", "bench");
        return await SignerOf(root.Request("CreateAccessKey", [("UserName", "bench")], Ram), "AccessKey", null);
    }

    /// <summary>A session of a role that the user assumes.</summary>
    public async Task<Signer> Session()
    {
        await Make("CreateUser", ("UserName", "assumer"));
        await Make("AttachPolicyToUser", ("PolicyType", "System"), ("PolicyName", "AliyunSTSAssumeRoleAccess"), ("UserName", "assumer"));
        var assumer = await SignerOf(root.Request("CreateAccessKey", [("UserName", "assumer")], Ram), "AccessKey", null);
        var role = await connection.Send(root.Request("GetCallerIdentity", [], Sts));
        var account = System.Text.Json.JsonDocument.Parse(role).RootElement.GetProperty("AccountId").GetString();
        var trust = $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::{{{account}}}:root"}}]}""";
        await Make("CreateRole", ("RoleName", "bench"), ("AssumeRolePolicyDocument", trust));
        await Attach("Role", "bench");
        var parameters = new[] { ("RoleArn", Uri.EscapeDataString($"acs:ram::{account}:role/bench")), ("RoleSessionName", "bench") };
        return await SignerOf(assumer.Request("AssumeRole", parameters, Sts), "Credentials", "SecurityToken");
    }

    private async Task Attach(string kind, string name)
    {
        await Make($"AttachPolicyTo{kind}", ("PolicyType", "Custom"), ("PolicyName", "bench"), ($"{kind}Name", name));
        foreach (var policy in Policies) await Make($"AttachPolicyTo{kind}", ("PolicyType", "System"), ("PolicyName", policy), ($"{kind}Name", name));
    }

    private Task<string> Make(string action, params (string Name, string Value)[] parameters) =>
        Run.Field(connection, root.Request(action, [.. parameters.Select(p => (p.Name, Uri.EscapeDataString(p.Value)))], Ram), "RequestId");

    private async Task<Signer> SignerOf(byte[] request, string field, string? token)
    {
        using var answer = System.Text.Json.JsonDocument.Parse(await connection.Send(request));
        var made = answer.RootElement.GetProperty(field);
        return new(made.GetProperty("AccessKeyId").GetString()!, made.GetProperty("AccessKeySecret").GetString()!, token is null ? null : made.GetProperty(token).GetString());
    }
}
