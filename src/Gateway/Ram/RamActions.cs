using System.Collections.Frozen;
using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

/// <summary>The actions of RAM: one row each.</summary>
internal static class RamActions
{
    /// <summary>The version of the API.</summary>
    public const string Version = "2015-05-01";

    /// <summary>What carries them out, by name.</summary>
    public static FrozenDictionary<string, Func<ActionCall, ValueTask>> Rows { get; } =
        new Dictionary<string, Func<ActionCall, ValueTask>>
        {
            ["AddUserToGroup"] = AddUserToGroupAction.Handle,
            ["AttachPolicyToGroup"] = AttachPolicyToGroupAction.Handle,
            ["AttachPolicyToRole"] = AttachPolicyToRoleAction.Handle,
            ["AttachPolicyToUser"] = AttachPolicyToUserAction.Handle,
            ["CreateAccessKey"] = CreateAccessKeyAction.Handle,
            ["CreateGroup"] = CreateGroupAction.Handle,
            ["CreatePolicy"] = CreatePolicyAction.Handle,
            ["CreatePolicyVersion"] = CreatePolicyVersionAction.Handle,
            ["CreateRole"] = CreateRoleAction.Handle,
            ["CreateUser"] = CreateUserAction.Handle,
            ["DeleteAccessKey"] = DeleteAccessKeyAction.Handle,
            ["DeleteGroup"] = DeleteGroupAction.Handle,
            ["DeletePolicy"] = DeletePolicyAction.Handle,
            ["DeletePolicyVersion"] = DeletePolicyVersionAction.Handle,
            ["DeleteRole"] = DeleteRoleAction.Handle,
            ["DeleteUser"] = DeleteUserAction.Handle,
            ["DetachPolicyFromGroup"] = DetachPolicyFromGroupAction.Handle,
            ["DetachPolicyFromRole"] = DetachPolicyFromRoleAction.Handle,
            ["DetachPolicyFromUser"] = DetachPolicyFromUserAction.Handle,
            ["GetAccessKeyLastUsed"] = GetAccessKeyLastUsedAction.Handle,
            ["GetGroup"] = GetGroupAction.Handle,
            ["GetPolicy"] = GetPolicyAction.Handle,
            ["GetPolicyVersion"] = GetPolicyVersionAction.Handle,
            ["GetRole"] = GetRoleAction.Handle,
            ["GetUser"] = GetUserAction.Handle,
            ["ListAccessKeys"] = ListAccessKeysAction.Handle,
            ["ListEntitiesForPolicy"] = ListEntitiesForPolicyAction.Handle,
            ["ListGroups"] = ListGroupsAction.Handle,
            ["ListGroupsForUser"] = ListGroupsForUserAction.Handle,
            ["ListPolicies"] = ListPoliciesAction.Handle,
            ["ListPoliciesForGroup"] = ListPoliciesForGroupAction.Handle,
            ["ListPoliciesForRole"] = ListPoliciesForRoleAction.Handle,
            ["ListPoliciesForUser"] = ListPoliciesForUserAction.Handle,
            ["ListPolicyVersions"] = ListPolicyVersionsAction.Handle,
            ["ListRoles"] = ListRolesAction.Handle,
            ["ListUsers"] = ListUsersAction.Handle,
            ["ListUsersForGroup"] = ListUsersForGroupAction.Handle,
            ["RemoveUserFromGroup"] = RemoveUserFromGroupAction.Handle,
            ["SetDefaultPolicyVersion"] = SetDefaultPolicyVersionAction.Handle,
            ["UpdateAccessKey"] = UpdateAccessKeyAction.Handle,
            ["UpdateGroup"] = UpdateGroupAction.Handle,
            ["UpdatePolicyDescription"] = UpdatePolicyDescriptionAction.Handle,
            ["UpdateRole"] = UpdateRoleAction.Handle,
            ["UpdateUser"] = UpdateUserAction.Handle,
        }.ToFrozenDictionary();
}
