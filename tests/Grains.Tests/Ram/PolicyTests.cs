using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class PolicyTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    [Fact]
    public async Task A_policy_is_as_it_was_made_and_described()
    {
        var ram = await fixture.NewAccount();
        var now = ram.Kms.Clock.GetUtcNow();
        var made = await ram.Policies.CreatePolicy("encrypt-only", RamAccount.Document, "may encrypt");
        Assert.Equal(new("encrypt-only", PolicyType.Custom, "may encrypt", "v1", 0, now, now), made);
        var detail = await ram.Policies.GetPolicy(PolicyType.Custom, "encrypt-only");
        Assert.Equal((made, new RamPolicyVersion("v1", true, RamAccount.Document, now)), (detail.Policy, detail.DefaultPolicyVersion));
        Assert.Equal(made with { Description = "" }, await ram.Policies.UpdatePolicyDescription("encrypt-only", ""));
        Assert.Equal([made with { Description = "" }], (await ram.Policies.ListPolicies(PolicyType.Custom, new(null, 10))).Policies);
    }

    [Fact]
    public async Task Names_are_found_as_written_but_no_two_differ_in_case_only()
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("Encrypt");
        Assert.Equal("EntityNotExist.Policy", await RamAccount.Code(() => ram.Policies.GetPolicy(PolicyType.Custom, "encrypt")));
        Assert.Equal("EntityAlreadyExists.Policy", await RamAccount.Code(() => ram.Policy("ENCRYPT")));
    }

    [Theory]
    [InlineData("{", "line 1, column 2")]
    [InlineData("""{"Version":"1"}""", "Statement")]
    [InlineData(RamAccount.Trust, "Principal")]
    public async Task A_malformed_document_is_refused_with_the_reason(string document, string reason)
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("other");
        foreach (var call in new Func<Task>[] { () => ram.Policies.CreatePolicy("encrypt", document, null), () => ram.Policies.CreatePolicyVersion("other", document, true, false) })
        {
            var refusal = await Assert.ThrowsAsync<KmsException>(call);
            Assert.Equal("MalformedPolicyDocument", refusal.ApiCode);
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_length_of_a_document_has_two_sides()
    {
        var ram = await fixture.NewAccount();
        await ram.Policies.CreatePolicy("encrypt", RamAccount.Document.PadRight(6144), null);
        Assert.Equal("InvalidParameter.PolicyDocument.Length", await RamAccount.Code(() => ram.Policies.CreatePolicy("other", RamAccount.Document.PadRight(6145), null)));
        Assert.Equal("InvalidParameter.PolicyDocument.Length", await RamAccount.Code(() => ram.Policies.CreatePolicyVersion("encrypt", RamAccount.Document.PadRight(6145), false, false)));
        Assert.Equal("MissingPolicyDocument", await RamAccount.Code(() => ram.Policies.CreatePolicy("other", "", null)));
    }

    [Fact]
    public async Task System_policies_are_everywhere_and_never_change()
    {
        var ram = await fixture.NewAccount();
        var system = SystemPolicies.Find("AliyunKMSFullAccess")!;
        var detail = await ram.Policies.GetPolicy(PolicyType.System, system.Name);
        Assert.Equal(("AliyunKMSFullAccess", PolicyType.System, system.Description, "v1", 0),
            (detail.Policy.PolicyName, detail.Policy.PolicyType, detail.Policy.Description, detail.Policy.DefaultVersion, detail.Policy.AttachmentCount));
        Assert.Equal(("v1", true, system.Document), (detail.DefaultPolicyVersion.VersionId, detail.DefaultPolicyVersion.IsDefaultVersion, detail.DefaultPolicyVersion.PolicyDocument));
        Assert.Equal([detail.DefaultPolicyVersion], await ram.Policies.ListPolicyVersions(PolicyType.System, system.Name));
        Assert.Equal(detail.DefaultPolicyVersion, await ram.Policies.GetPolicyVersion(PolicyType.System, system.Name, "v1"));
        Assert.Equal("EntityNotExist.Policy.Version", await RamAccount.Code(() => ram.Policies.GetPolicyVersion(PolicyType.System, system.Name, "v2")));
        foreach (var change in new Func<Task>[]
        {
            () => ram.Policies.DeletePolicy(system.Name, true), () => ram.Policies.UpdatePolicyDescription(system.Name, "mine"), () => ram.Policies.SetDefaultPolicyVersion(system.Name, "v1"),
            () => ram.Policies.CreatePolicyVersion(system.Name, RamAccount.Document, true, false), () => ram.Policies.DeletePolicyVersion(system.Name, "v1"),
        }) Assert.Equal("EntityNotExist.Policy", await RamAccount.Code(change));
    }

    [Fact]
    public async Task Policies_of_both_types_are_listed_by_name_and_may_have_one_name()
    {
        var ram = await fixture.NewAccount();
        foreach (var name in new[] { "zz", "AliyunKMSFullAccess", "aaa", "b-1" }) await ram.Policy(name);
        await ram.User("alice");
        await ram.Policies.AttachPolicyToUser(PolicyType.System, "AliyunKMSFullAccess", "alice");

        var listed = new List<RamPolicy>();
        for (var page = new MarkerRequest(null, 3); page is not null;)
        {
            var found = await ram.Policies.ListPolicies(null, page);
            Assert.True(found.Policies.Length == 3 || found.Marker is null);
            listed.AddRange(found.Policies);
            page = found.Marker is null ? null : new(found.Marker, 3);
        }

        Assert.Equal(SystemPolicies.All.Count + 4, listed.Count);
        Assert.Equal(listed.OrderBy(policy => policy.PolicyName.ToUpperInvariant(), StringComparer.Ordinal).ThenBy(policy => policy.PolicyType), listed);
        Assert.Equal([(PolicyType.System, 1), (PolicyType.Custom, 0)], listed.Where(policy => policy.PolicyName == "AliyunKMSFullAccess").Select(policy => (policy.PolicyType, policy.AttachmentCount)));
        Assert.Equal(4, (await ram.Policies.ListPolicies(PolicyType.Custom, new(null, 1000))).Policies.Length);
        Assert.Equal(SystemPolicies.All.Count, (await ram.Policies.ListPolicies(PolicyType.System, new(null, 1000))).Policies.Length);
    }

    [Fact]
    public async Task A_policy_that_something_hangs_on_is_not_removed()
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("encrypt");
        await ram.User("alice");
        await ram.Group("staff");
        await ram.Role("deployer");
        await ram.Policies.AttachPolicyToUser(PolicyType.Custom, "encrypt", "alice");
        await ram.Policies.AttachPolicyToGroup(PolicyType.Custom, "encrypt", "staff");
        await ram.Policies.AttachPolicyToRole(PolicyType.Custom, "encrypt", "deployer");
        await ram.Policies.CreatePolicyVersion("encrypt", RamAccount.OtherDocument, false, false);

        Assert.Equal("DeleteConflict.Policy.User", await RamAccount.Code(() => ram.Policies.DeletePolicy("encrypt", false)));
        await ram.Policies.DetachPolicyFromUser(PolicyType.Custom, "encrypt", "alice");
        Assert.Equal("DeleteConflict.Policy.Group", await RamAccount.Code(() => ram.Policies.DeletePolicy("encrypt", false)));
        await ram.Policies.DetachPolicyFromGroup(PolicyType.Custom, "encrypt", "staff");
        Assert.Equal("DeleteConflict.Role.Policy", await RamAccount.Code(() => ram.Policies.DeletePolicy("encrypt", false)));
        await ram.Policies.DetachPolicyFromRole(PolicyType.Custom, "encrypt", "deployer");
        Assert.Equal("DeleteConflict.Policy.Version", await RamAccount.Code(() => ram.Policies.DeletePolicy("encrypt", false)));
        await ram.Policies.DeletePolicyVersion("encrypt", "v2");
        await ram.Policies.DeletePolicy("encrypt", false);
        Assert.Equal("EntityNotExist.Policy", await RamAccount.Code(() => ram.Policies.DeletePolicy("encrypt", false)));
    }

    [Fact]
    public async Task A_cascading_removal_takes_versions_and_attachments_along()
    {
        var ram = await fixture.NewAccount();
        await ram.Policy("encrypt");
        await ram.Policy("other");
        var alice = await ram.User("alice");
        foreach (var name in new[] { "encrypt", "other" }) await ram.Policies.AttachPolicyToUser(PolicyType.Custom, name, "alice");
        await ram.Policies.CreatePolicyVersion("encrypt", RamAccount.OtherDocument, true, false);

        await ram.Policies.DeletePolicy("encrypt", true);

        Assert.Equal(["/other/v1"], await ram.DocumentsOf(alice));
        Assert.Equal((1, 1, 1), (ram.Rows("kms_ram_policy"), ram.Rows("kms_ram_policy_version"), ram.Rows("kms_ram_attachment")));
        // One of the same name is another one: nobody has it.
        await ram.Policy("encrypt");
        Assert.Equal(["/other/v1"], await ram.DocumentsOf(alice));
    }

    [Fact]
    public async Task A_type_that_there_is_not_is_refused()
    {
        var ram = await fixture.NewAccount();
        Assert.Equal("InvalidParameter.PolicyType", await RamAccount.Code(() => ram.Policies.GetPolicy((PolicyType)2, "x")));
        Assert.Equal("InvalidParameter.PolicyType", await RamAccount.Code(() => ram.Policies.ListPolicies((PolicyType)2, new(null, 1))));
        Assert.Equal("InvalidParameter.PolicyType", await RamAccount.Code(() => ram.Policies.AttachPolicyToUser((PolicyType)2, "x", "alice")));
    }
}
