using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

/// <summary>Each quota, lowered so that it is soon reached.</summary>
public sealed class RamQuotaTests : IDisposable
{
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-ram-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task There_may_be_so_many_and_no_more()
    {
        await using var kms = await RamFixture.Start(_root.FullName, limits =>
        {
            (limits.Users, limits.Groups, limits.Roles, limits.Policies, limits.GroupsPerUser) = (3, 2, 2, 2, 1);
            (limits.AccessKeysPerUser, limits.VersionsPerPolicy, limits.CustomPoliciesPerUser) = (1, 2, 1);
        });
        var ram = await RamAccount.Open(kms);
        await Reach("LimitExceeded.User", 3, i => ram.User($"u{i}"));
        await Reach("LimitExceeded.Group", 2, i => ram.Group($"g{i}"));
        await Reach("LimitExceeded.Role", 2, i => ram.Role($"r{i}"));
        await Reach("LimitExceeded.Policy", 2, i => ram.Policy($"p{i}"));
        await Reach("LimitExceeded.User.Group", 1, i => ram.Groups.AddUserToGroup("u0", $"g{i}"));
        await Reach("LimitExceeded.User.AccessKey", 1, _ => ram.Users.CreateAccessKey("u0"));
        await Reach("LimitExceeded.Policy.Version", 1, _ => ram.Policies.CreatePolicyVersion("p0", RamAccount.Document, false, false));
        await Reach("LimitExceeded.User.Policy", 1, i => ram.Policies.AttachPolicyToUser(PolicyType.Custom, $"p{i}", "u0"));
        await ram.Users.DeleteUser("u2");
        await Reach("LimitExceeded.User", 1, i => ram.User($"again{i}"));
        // What is counted is this account's own.
        var other = await RamAccount.Open(kms, "1000000000000009");
        await other.User("u0");
    }

    private static async Task Reach(string code, int limit, Func<int, Task> make)
    {
        for (var i = 0; i < limit; i++) await make(i);
        Assert.Equal(code, await RamAccount.Code(() => make(limit)));
    }
}
