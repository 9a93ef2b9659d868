using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

/// <summary>Writes RAM groups. Which fields there are depends on the action.</summary>
internal static class GroupFields
{
    /// <summary>The fields of a group that was just made.</summary>
    public static void WriteNew(ResponseWriter response, RamGroup group)
    {
        WriteNames(response, group);
        response.Time("CreateDate", group.CreatedAt);
    }

    /// <summary>All fields.</summary>
    public static void Write(ResponseWriter response, RamGroup group)
    {
        WriteNew(response, group);
        response.Time("UpdateDate", group.UpdatedAt);
    }

    /// <summary>The fields of a group that a user belongs to.</summary>
    public static void WriteMembership(ResponseWriter response, RamMembership membership)
    {
        WriteNames(response, membership.Group);
        response.Time("JoinDate", membership.JoinedAt);
    }

    /// <summary>The fields of a group that has a policy.</summary>
    public static void WriteAttached(ResponseWriter response, (RamGroup Group, DateTimeOffset AttachedAt) entity)
    {
        response.Text("GroupName", entity.Group.GroupName);
        response.Text("Comments", entity.Group.Comments);
        response.Time("AttachDate", entity.AttachedAt);
    }

    private static void WriteNames(ResponseWriter response, RamGroup group)
    {
        response.Text("GroupId", group.GroupId);
        response.Text("GroupName", group.GroupName);
        response.Text("Comments", group.Comments);
    }
}
