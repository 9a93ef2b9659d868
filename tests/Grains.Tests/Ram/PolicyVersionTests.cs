using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class PolicyVersionTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    [Fact]
    public async Task A_version_counts_when_it_is_made_the_default_and_not_before()
    {
        var ram = await fixture.NewAccount();
        var alice = await ram.User("alice");
        await ram.Policy("p");
        await ram.Policies.AttachPolicyToUser(PolicyType.Custom, "p", "alice");
        var now = ram.Kms.Clock.GetUtcNow();

        Assert.Equal(new("v2", false, RamAccount.OtherDocument, now), await ram.Policies.CreatePolicyVersion("p", RamAccount.OtherDocument, false, false));
        Assert.Equal(RamAccount.Document, (await ram.Service.PoliciesOfUser(alice.UserId))!.Policies.Single().Document);
        await ram.Policies.SetDefaultPolicyVersion("p", "v2");
        Assert.Equal(RamAccount.OtherDocument, (await ram.Service.PoliciesOfUser(alice.UserId))!.Policies.Single().Document);
        Assert.True((await ram.Policies.CreatePolicyVersion("p", RamAccount.Document, true, false)).IsDefaultVersion);
        Assert.Equal(["/p/v3"], await ram.DocumentsOf(alice));
        Assert.Equal(
            [new("v1", false, RamAccount.Document, now), new("v2", false, RamAccount.OtherDocument, now), new("v3", true, RamAccount.Document, now)],
            await ram.Policies.ListPolicyVersions(PolicyType.Custom, "p"));
        Assert.Equal(new("v2", false, RamAccount.OtherDocument, now), await ram.Policies.GetPolicyVersion(PolicyType.Custom, "p", "v2"));
        Assert.Equal("v3", (await ram.Policies.GetPolicy(PolicyType.Custom, "p")).Policy.DefaultVersion);
    }

    [Fact]
    public async Task Numbers_are_never_used_again()
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("p");
        for (var number = 2; number <= 9; number++)
        {
            Assert.Equal($"v{number}", (await ram.Policies.CreatePolicyVersion("p", RamAccount.Document, false, false)).VersionId);
            await ram.Policies.DeletePolicyVersion("p", $"v{number}");
        }
        Assert.Equal(["v1"], (await ram.Policies.ListPolicyVersions(PolicyType.Custom, "p")).Select(version => version.VersionId));
    }

    [Fact]
    public async Task The_sixth_version_needs_the_oldest_that_does_not_count_to_give_way()
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("p");
        for (var number = 2; number <= 5; number++) await ram.Policies.CreatePolicyVersion("p", RamAccount.Document, false, true);
        Assert.Equal("LimitExceeded.Policy.Version", await RamAccount.Code(() => ram.Policies.CreatePolicyVersion("p", RamAccount.Document, true, false)));
        await ram.Policies.CreatePolicyVersion("p", RamAccount.Document, false, true);
        Assert.Equal(["v1", "v3", "v4", "v5", "v6"], await Versions());
        await ram.Policies.CreatePolicyVersion("p", RamAccount.Document, true, true);
        Assert.Equal(["v1", "v4", "v5", "v6", "v7"], await Versions());
        await ram.Policies.CreatePolicyVersion("p", RamAccount.Document, false, true);
        Assert.Equal(["v4", "v5", "v6", "v7", "v8"], await Versions());

        async Task<string[]> Versions() => [.. (await ram.Policies.ListPolicyVersions(PolicyType.Custom, "p")).Select(version => version.VersionId)];
    }

    [Fact]
    public async Task The_default_version_stays()
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("p");
        await ram.Policies.CreatePolicyVersion("p", RamAccount.Document, true, false);
        Assert.Equal("DeleteConflict.Policy.Version.Default", await RamAccount.Code(() => ram.Policies.DeletePolicyVersion("p", "v2")));
        await ram.Policies.DeletePolicyVersion("p", "v1");
    }

    [Fact]
    public async Task A_version_that_there_is_not_is_told()
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("p");
        foreach (var call in new Func<Task>[]
        {
            () => ram.Policies.GetPolicyVersion(PolicyType.Custom, "p", "v2"), () => ram.Policies.SetDefaultPolicyVersion("p", "v2"), () => ram.Policies.DeletePolicyVersion("p", "v2"),
        }) Assert.Equal("EntityNotExist.Policy.Version", await RamAccount.Code(call));
        foreach (var call in new Func<Task>[]
        {
            () => ram.Policies.GetPolicyVersion(PolicyType.Custom, "p", "2"), () => ram.Policies.SetDefaultPolicyVersion("p", "2"), () => ram.Policies.DeletePolicyVersion("p", "2"),
        }) Assert.Equal("InvalidParameter.VersionId.Format", await RamAccount.Code(call));
    }

    [Fact]
    public async Task Versions_made_at_once_have_numbers_of_their_own()
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("p");
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => ram.Policies.CreatePolicyVersion("p", RamAccount.Document, false, true))));
        Assert.Equal(Enumerable.Range(2, 20).Select(number => $"v{number}"), made.Select(version => version.VersionId).OrderBy(RamNames.Version));
        Assert.Equal(5, (await ram.Policies.ListPolicyVersions(PolicyType.Custom, "p")).Length);
    }
}
