using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains.Ram;

/// <summary>How much of RAM an account may have, bound from <c>Kms:Ram</c>. The defaults are those that the cloud service's documents name; groups are raised.</summary>
internal sealed class RamOptions
{
    private const string Many = "Kms:Ram: Users, Groups, Roles and Policies are from 0 to 1000000";
    private const string Some = "Kms:Ram: GroupsPerUser and the numbers of policies per user, group and role are from 0 to 100";

    /// <summary>Users of an account. Default 1000.</summary>
    [Range(0, 1_000_000, ErrorMessage = Many)]
    public int Users { get; set; } = 1000;

    /// <summary>Groups of an account. Default 1000.</summary>
    [Range(0, 1_000_000, ErrorMessage = Many)]
    public int Groups { get; set; } = 1000;

    /// <summary>Roles of an account. Default 1000.</summary>
    [Range(0, 1_000_000, ErrorMessage = Many)]
    public int Roles { get; set; } = 1000;

    /// <summary>Custom policies of an account. Default 1500.</summary>
    [Range(0, 1_000_000, ErrorMessage = Many)]
    public int Policies { get; set; } = 1500;

    /// <summary>Groups of one user. Default 5.</summary>
    [Range(0, 100, ErrorMessage = Some)]
    public int GroupsPerUser { get; set; } = 5;

    /// <summary>System policies of one user, group or role. Default 20.</summary>
    [Range(0, 100, ErrorMessage = Some)]
    public int SystemPoliciesPerIdentity { get; set; } = 20;

    /// <summary>Custom policies of one user. Default 10.</summary>
    [Range(0, 100, ErrorMessage = Some)]
    public int CustomPoliciesPerUser { get; set; } = 10;

    /// <summary>Custom policies of one group. Default 5.</summary>
    [Range(0, 100, ErrorMessage = Some)]
    public int CustomPoliciesPerGroup { get; set; } = 5;

    /// <summary>Custom policies of one role. Default 5.</summary>
    [Range(0, 100, ErrorMessage = Some)]
    public int CustomPoliciesPerRole { get; set; } = 5;

    /// <summary>Access keys of one user, and of the account root. Default 2: one in use and one to change to.</summary>
    [Range(1, 10, ErrorMessage = "Kms:Ram: AccessKeysPerUser is from 1 to 10")]
    public int AccessKeysPerUser { get; set; } = 2;

    /// <summary>Versions of one custom policy. Default 5.</summary>
    [Range(2, 100, ErrorMessage = "Kms:Ram: VersionsPerPolicy is from 2 to 100")]
    public int VersionsPerPolicy { get; set; } = 5;

    /// <summary>The longest document of a policy, and the longest trust policy of a role, in characters. Default 6144.</summary>
    [Range(100, 65536, ErrorMessage = "Kms:Ram: DocumentLength is from 100 to 65536")]
    public int DocumentLength { get; set; } = 6144;
}
