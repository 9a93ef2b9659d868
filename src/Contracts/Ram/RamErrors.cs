using Orleans.Kms.Errors;

namespace Orleans.Kms.Ram;

/// <summary>The failures of RAM and STS: each is a code with a subject, as <c>EntityNotExist.User.Policy</c>.</summary>
public static class RamErrors
{
    /// <summary>The subject of a user.</summary>
    public const string User = "User";
    /// <summary>The subject of a group.</summary>
    public const string Group = "Group";
    /// <summary>The subject of a role.</summary>
    public const string Role = "Role";
    /// <summary>The subject of a policy.</summary>
    public const string Policy = "Policy";
    /// <summary>The subject of a policy's version.</summary>
    public const string PolicyVersion = "Policy.Version";
    /// <summary>The subject of a policy's default version.</summary>
    public const string DefaultPolicyVersion = "Policy.Version.Default";
    /// <summary>The subject of a user's access key.</summary>
    public const string UserAccessKey = "User.AccessKey";
    /// <summary>The subject of a user's membership.</summary>
    public const string UserGroup = "User.Group";
    /// <summary>The subject of a group's member.</summary>
    public const string GroupUser = "Group.User";
    /// <summary>The subject of a policy that a user has.</summary>
    public const string UserPolicy = "User.Policy";
    /// <summary>The subject of a policy that a group has.</summary>
    public const string GroupPolicy = "Group.Policy";
    /// <summary>The subject of a policy that a role has.</summary>
    public const string RolePolicy = "Role.Policy";
    /// <summary>The subject of a user who has a policy.</summary>
    public const string PolicyUser = "Policy.User";
    /// <summary>The subject of a group that has a policy.</summary>
    public const string PolicyGroup = "Policy.Group";

    /// <summary>There is no such thing.</summary>
    /// <param name="subject">One of the subjects here.</param>
    /// <param name="message">Says what is missing.</param>
    public static KmsException NotExist(string subject, string message) => new(KmsErrorCode.EntityNotExist, message) { Subject = subject };

    /// <summary>There is such a thing already.</summary>
    /// <param name="subject">One of the subjects here.</param>
    /// <param name="message">Says what is there.</param>
    public static KmsException AlreadyExists(string subject, string message) => new(KmsErrorCode.EntityAlreadyExists, message) { Subject = subject };

    /// <summary>Something is in the way of a removal.</summary>
    /// <param name="subject">One of the subjects here.</param>
    /// <param name="message">Says what.</param>
    public static KmsException Conflict(string subject, string message) => new(KmsErrorCode.DeleteConflict, message) { Subject = subject };

    /// <summary>A quota is used up.</summary>
    /// <param name="subject">One of the subjects here.</param>
    /// <param name="limit">How many there may be.</param>
    public static KmsException LimitExceeded(string subject, int limit) =>
        new(KmsErrorCode.EntityLimitExceeded, $"The quota of {subject} is exceeded: there may be {limit}.") { Subject = subject };

    /// <summary>A required parameter is absent or empty: RAM and STS have a code for each, as <c>MissingUserName</c>.</summary>
    /// <param name="parameter">The parameter's name as the API spells it.</param>
    public static KmsException Missing(string parameter) => new(KmsErrorCode.MissingParameter, $"{parameter} is mandatory for this action.") { Subject = parameter };

    /// <summary>A parameter is malformed.</summary>
    /// <param name="subject">The parameter's name and, where the API tells it, what is wrong: <c>UserName.Length</c>, <c>UserName.InvalidChars</c>, <c>VersionId.Format</c>.</param>
    /// <param name="message">What would be right.</param>
    public static KmsException Invalid(string subject, string message) => new(KmsErrorCode.InvalidRamParameter, message) { Subject = subject };
}
