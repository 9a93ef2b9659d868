using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

/// <summary>Writes roles. Which fields there are depends on the action.</summary>
internal static class RoleFields
{
    /// <summary>The fields of a role that was just made.</summary>
    public static void WriteNew(ResponseWriter response, RamRole role)
    {
        WriteNames(response, role);
        response.Text("AssumeRolePolicyDocument", role.AssumeRolePolicyDocument);
        response.Time("CreateDate", role.CreatedAt);
        response.Integer("MaxSessionDuration", role.MaxSessionDuration);
    }

    /// <summary>All fields.</summary>
    public static void Write(ResponseWriter response, RamRole role)
    {
        WriteNew(response, role);
        response.Time("UpdateDate", role.UpdatedAt);
    }

    /// <summary>The fields of a role in a list: without the trust policy.</summary>
    public static void WriteListed(ResponseWriter response, RamRole role)
    {
        WriteNames(response, role);
        response.Time("CreateDate", role.CreatedAt);
        response.Time("UpdateDate", role.UpdatedAt);
        response.Integer("MaxSessionDuration", role.MaxSessionDuration);
    }

    /// <summary>The fields of a role that has a policy.</summary>
    public static void WriteAttached(ResponseWriter response, (RamRole Role, DateTimeOffset AttachedAt) entity)
    {
        WriteNames(response, entity.Role);
        response.Time("AttachDate", entity.AttachedAt);
    }

    private static void WriteNames(ResponseWriter response, RamRole role)
    {
        response.Text("RoleId", role.RoleId);
        response.Text("RoleName", role.RoleName);
        response.Text("Arn", role.Arn);
        response.Text("Description", role.Description);
    }
}
