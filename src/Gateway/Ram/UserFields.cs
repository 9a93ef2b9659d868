using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

/// <summary>Writes RAM users. Which fields there are depends on the action.</summary>
internal static class UserFields
{
    /// <summary>The fields of a user that was just made.</summary>
    public static void WriteNew(ResponseWriter response, RamUser user)
    {
        response.Text("UserId", user.UserId);
        response.Text("UserName", user.UserName);
        response.Text("DisplayName", user.DisplayName);
        response.Text("MobilePhone", user.MobilePhone);
        response.Text("Email", user.Email);
        response.Text("Comments", user.Comments);
        response.Time("CreateDate", user.CreatedAt);
    }

    /// <summary>The fields of a user in a list or after a change.</summary>
    public static void Write(ResponseWriter response, RamUser user)
    {
        WriteNew(response, user);
        response.Time("UpdateDate", user.UpdatedAt);
    }

    /// <summary>All fields. There is no console to log on to, so nobody ever did.</summary>
    public static void WriteWhole(ResponseWriter response, RamUser user)
    {
        Write(response, user);
        response.Text("LastLoginDate", "");
    }

    /// <summary>The fields of a member of a group.</summary>
    public static void WriteMember(ResponseWriter response, RamGroupMember member)
    {
        response.Text("UserName", member.User.UserName);
        response.Text("DisplayName", member.User.DisplayName);
        response.Time("JoinDate", member.JoinedAt);
    }

    /// <summary>The fields of a user who has a policy.</summary>
    public static void WriteAttached(ResponseWriter response, (RamUser User, DateTimeOffset AttachedAt) entity)
    {
        response.Text("UserId", entity.User.UserId);
        response.Text("UserName", entity.User.UserName);
        response.Text("DisplayName", entity.User.DisplayName);
        response.Time("AttachDate", entity.AttachedAt);
    }
}
