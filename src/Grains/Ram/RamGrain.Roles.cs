using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <content>Roles.</content>
internal sealed partial class RamGrain
{
    public Task<RamRole> CreateRole(string roleName, RamRoleSettings settings)
    {
        RamNames.Role(roleName);
        var now = Now;
        RamDocuments.Trust(settings?.AssumeRolePolicyDocument, Limits.DocumentLength);
        var role = With(new(RamId.New(), roleName, RoleTable.Arn(AccountId, roleName), "", "", RamRole.MinMaxSessionDuration, now, now), Checked(settings!));
        return Change<RamRole>(command =>
        {
            NamedRows.Roles.RequireFree(command, AccountId, roleName);
            NamedRows.Roles.RequireRoom(command, AccountId, Limits.Roles);
            return writing =>
            {
                RoleTable.Insert(writing, AccountId, role);
                return role;
            };
        });
    }

    public Task<RamRole> GetRole(string roleName)
    {
        RamNames.Role(roleName);
        return Read(command => RoleTable.Require(command, AccountId, roleName));
    }

    // The trust policy is read whenever somebody wants to assume the role: no silo knows it.
    public Task<RamRole> UpdateRole(string roleName, RamRoleSettings changes)
    {
        RamNames.Role(roleName);
        if (changes is null) throw RamErrors.Missing("NewAssumeRolePolicyDocument");
        if (changes.AssumeRolePolicyDocument is { } document) RamDocuments.Trust(document, Limits.DocumentLength);
        Checked(changes);
        return Change<RamRole>(command =>
        {
            var role = With(RoleTable.Require(command, AccountId, roleName), changes) with { UpdatedAt = Now };
            return writing =>
            {
                RoleTable.Update(writing, AccountId, role);
                return role;
            };
        });
    }

    public Task DeleteRole(string roleName)
    {
        RamNames.Role(roleName);
        return ChangeRights(command =>
        {
            var id = NamedRows.Roles.Require(command, AccountId, roleName);
            if (AttachmentTable.HasAny(command, AccountId, PolicyHolder.Role, id)) throw RamErrors.Conflict(RamErrors.RolePolicy, $"The role {roleName} has policies; detach them first.");
            return writing => NamedRows.Roles.Delete(writing, AccountId, id);
        });
    }

    public Task<RamRolePage> ListRoles(MarkerRequest page)
    {
        var after = RamMarker.After(page);
        return Read(command =>
        {
            var (roles, marker) = RamMarker.Cut(RoleTable.Page(command, AccountId, after, page.MaxItems + 1), page, role => RamNames.Fold(role.RoleName));
            return new RamRolePage(roles, marker);
        });
    }

    private static RamRoleSettings Checked(RamRoleSettings settings)
    {
        RamNames.Description(settings.Description ?? "");
        if (settings.MaxSessionDuration is < RamRole.MinMaxSessionDuration or > RamRole.MaxMaxSessionDuration)
        {
            throw RamErrors.Invalid("MaxSessionDuration", $"MaxSessionDuration is from {RamRole.MinMaxSessionDuration} to {RamRole.MaxMaxSessionDuration} seconds.");
        }
        return settings;
    }

    private static RamRole With(RamRole role, RamRoleSettings settings) => role with
    {
        AssumeRolePolicyDocument = settings.AssumeRolePolicyDocument ?? role.AssumeRolePolicyDocument,
        Description = settings.Description ?? role.Description,
        MaxSessionDuration = settings.MaxSessionDuration ?? role.MaxSessionDuration,
    };
}
