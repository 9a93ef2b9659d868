using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

/// <summary>Writes policies and their versions. Which fields there are depends on the action.</summary>
internal static class PolicyFields
{
    /// <summary>The fields of a policy that was just made.</summary>
    public static void WriteNew(ResponseWriter response, RamPolicy policy)
    {
        WriteNames(response, policy);
        response.Time("CreateDate", policy.CreatedAt);
    }

    /// <summary>The fields of a policy after a change.</summary>
    public static void WriteChanged(ResponseWriter response, RamPolicy policy)
    {
        WriteNew(response, policy);
        response.Time("UpdateDate", policy.UpdatedAt);
    }

    /// <summary>The fields of a policy in a list. Tags are not kept, so there are none.</summary>
    public static void WriteListed(ResponseWriter response, RamPolicy policy)
    {
        WriteCounted(response, policy);
        response.BeginList("Tags", "Tag");
        response.EndList("Tags");
    }

    /// <summary>The fields of a policy with the document that counts.</summary>
    public static void WriteWhole(ResponseWriter response, RamPolicyDetail detail)
    {
        WriteCounted(response, detail.Policy);
        response.Text("PolicyDocument", detail.DefaultPolicyVersion.PolicyDocument);
    }

    /// <summary>The fields of a policy that a user, group or role has.</summary>
    public static void WriteAttached(ResponseWriter response, RamAttachedPolicy attached)
    {
        WriteNames(response, attached.Policy);
        response.Time("AttachDate", attached.AttachedAt);
    }

    /// <summary>The fields of a version.</summary>
    public static void WriteVersion(ResponseWriter response, RamPolicyVersion version)
    {
        response.Text("VersionId", version.VersionId);
        response.Boolean("IsDefaultVersion", version.IsDefaultVersion);
        response.Text("PolicyDocument", version.PolicyDocument);
        response.Time("CreateDate", version.CreatedAt);
    }

    private static void WriteCounted(ResponseWriter response, RamPolicy policy)
    {
        WriteNames(response, policy);
        response.Integer("AttachmentCount", policy.AttachmentCount);
        response.Time("CreateDate", policy.CreatedAt);
        response.Time("UpdateDate", policy.UpdatedAt);
    }

    private static void WriteNames(ResponseWriter response, RamPolicy policy)
    {
        response.Text("PolicyName", policy.PolicyName);
        response.Text("PolicyType", policy.PolicyType == PolicyType.System ? "System" : "Custom");
        response.Text("Description", policy.Description);
        response.Text("DefaultVersion", policy.DefaultVersion);
    }
}
