using System.Text.Json;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Tells what a change of RAM made, in the form of its answer.</summary>
internal static class ToldRam
{
    /// <summary>A user.</summary>
    public static void User(EventJson json, RamUser user, bool isUpdate)
    {
        json.BeginObject(Name("User"));
        json.Text("UserId", user.UserId);
        json.Text("UserName", user.UserName);
        json.Text("DisplayName", user.DisplayName);
        json.Text("MobilePhone", user.MobilePhone);
        json.Text("Email", user.Email);
        json.Text("Comments", user.Comments);
        Times(json, user.CreatedAt, user.UpdatedAt, isUpdate);
        json.EndObject();
    }

    /// <summary>A group.</summary>
    public static void Group(EventJson json, RamGroup group, bool isUpdate)
    {
        json.BeginObject(Name("Group"));
        json.Text("GroupId", group.GroupId);
        json.Text("GroupName", group.GroupName);
        json.Text("Comments", group.Comments);
        Times(json, group.CreatedAt, group.UpdatedAt, isUpdate);
        json.EndObject();
    }

    /// <summary>A role.</summary>
    public static void Role(EventJson json, RamRole role, bool isUpdate)
    {
        json.BeginObject(Name("Role"));
        json.Text("RoleId", role.RoleId);
        json.Text("RoleName", role.RoleName);
        json.Text("Arn", role.Arn);
        json.Text("Description", role.Description);
        json.Text("AssumeRolePolicyDocument", role.AssumeRolePolicyDocument);
        json.Integer(Name("MaxSessionDuration"), role.MaxSessionDuration);
        Times(json, role.CreatedAt, role.UpdatedAt, isUpdate);
        json.EndObject();
    }

    /// <summary>A policy.</summary>
    public static void Policy(EventJson json, RamPolicy policy, bool isUpdate)
    {
        json.BeginObject(Name("Policy"));
        json.Text("PolicyName", policy.PolicyName);
        json.Text("PolicyType", ToldTypes.Spelling(policy.PolicyType, type => type.ToString()));
        json.Text("Description", policy.Description);
        json.Text("DefaultVersion", policy.DefaultVersion);
        Times(json, policy.CreatedAt, policy.UpdatedAt, isUpdate);
        json.EndObject();
    }

    /// <summary>A version of a policy.</summary>
    public static void PolicyVersion(EventJson json, RamPolicyVersion version)
    {
        json.BeginObject(Name("PolicyVersion"));
        json.Text("VersionId", version.VersionId);
        json.Boolean(Name("IsDefaultVersion"), version.IsDefaultVersion);
        json.Text("PolicyDocument", version.PolicyDocument);
        json.Time(Name("CreateDate"), version.CreatedAt);
        json.EndObject();
    }

    private static void Times(EventJson json, DateTimeOffset createdAt, DateTimeOffset updatedAt, bool isUpdate)
    {
        json.Time(Name("CreateDate"), createdAt);
        if (isUpdate) json.Time(Name("UpdateDate"), updatedAt);
    }

    private static JsonEncodedText Name(string name) => JsonEncodedText.Encode(name);
}
