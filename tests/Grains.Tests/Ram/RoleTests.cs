using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class RoleTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    private const string OtherTrust = """{"Version":"1","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::2000000000000001:user/bob"}}}""";

    [Fact]
    public async Task A_role_is_as_it_was_made_and_changed()
    {
        var ram = await fixture.NewAccount();
        var now = ram.Kms.Clock.GetUtcNow();
        var made = await ram.Roles.CreateRole("deployer", new(RamAccount.Trust));
        Assert.Matches("^[1-9][0-9]{17}$", made.RoleId);
        Assert.Equal(new(made.RoleId, "deployer", $"acs:ram::{ram.Id}:role/deployer", "", RamAccount.Trust, 3600, now, now), made);
        Assert.Equal(made, await ram.Roles.GetRole("deployer"));
        Assert.Equal(made, await ram.Roles.UpdateRole("deployer", new(null)));
        var changed = await ram.Roles.UpdateRole("deployer", new(OtherTrust, "deploys", 43200));
        Assert.Equal(made with { AssumeRolePolicyDocument = OtherTrust, Description = "deploys", MaxSessionDuration = 43200 }, changed);
        Assert.Equal([changed], (await ram.Roles.ListRoles(new(null, 10))).Roles);
        Assert.Equal(changed, await ram.Service.AssumableRole("deployer"));
    }

    [Fact]
    public async Task Names_are_found_as_written_but_no_two_differ_in_case_only()
    {
        var ram = await fixture.NewAccount();
        await ram.Role("Deployer");
        Assert.Equal("EntityNotExist.Role", await RamAccount.Code(() => ram.Roles.GetRole("deployer")));
        Assert.Equal("EntityAlreadyExists.Role", await RamAccount.Code(() => ram.Role("DEPLOYER")));
        Assert.Null(await ram.Service.AssumableRole("deployer"));
    }

    [Theory]
    [InlineData(3599, "InvalidParameter.MaxSessionDuration")]
    [InlineData(3600, null)]
    [InlineData(43200, null)]
    [InlineData(43201, "InvalidParameter.MaxSessionDuration")]
    public async Task Sessions_last_an_hour_to_half_a_day_at_most(int seconds, string? code)
    {
        var ram = await fixture.NewAccount();
        await ram.Role("other");
        foreach (var call in new Func<Task>[] { () => ram.Roles.CreateRole("deployer", new(RamAccount.Trust, null, seconds)), () => ram.Roles.UpdateRole("other", new(null, null, seconds)) })
        {
            if (code is null) await call();
            else Assert.Equal(code, await RamAccount.Code(call));
        }
    }

    [Fact]
    public async Task A_role_has_its_policies_and_is_not_removed_before_them()
    {
        var ram = await fixture.NewAccount();
        var role = await ram.Role("deployer");
        await ram.Policies.AttachPolicyToRole(PolicyType.System, "ReadOnlyAccess", "deployer");
        var policies = await ram.Service.PoliciesOfRole(role.RoleId);
        Assert.Equal(("deployer", "ReadOnlyAccess", null), (policies!.Name, policies.Policies.Single().Name, policies.Policies.Single().Group));
        Assert.Equal("DeleteConflict.Role.Policy", await RamAccount.Code(() => ram.Roles.DeleteRole("deployer")));
        await ram.Policies.DetachPolicyFromRole(PolicyType.System, "ReadOnlyAccess", "deployer");
        await ram.Roles.DeleteRole("deployer");
        Assert.Equal("EntityNotExist.Role", await RamAccount.Code(() => ram.Roles.DeleteRole("deployer")));
        Assert.Null(await ram.Service.PoliciesOfRole(role.RoleId));
        Assert.NotEqual(role.RoleId, (await ram.Role("deployer")).RoleId);
    }

    [Theory]
    [InlineData("", "MissingAssumeRolePolicyDocument")]
    [InlineData("{", "MalformedPolicyDocument")]
    [InlineData(RamAccount.Document, "MalformedPolicyDocument")]
    public async Task A_trust_policy_that_is_none_is_refused(string document, string code)
    {
        var ram = await fixture.NewAccount();
        await ram.Role("other");
        Assert.Equal(code, await RamAccount.Code(() => ram.Roles.CreateRole("deployer", new(document))));
        Assert.Equal(code, await RamAccount.Code(() => ram.Roles.UpdateRole("other", new(document))));
        Assert.Equal(RamAccount.Trust, (await ram.Roles.GetRole("other")).AssumeRolePolicyDocument);
        Assert.Equal("MissingAssumeRolePolicyDocument", await RamAccount.Code(() => ram.Roles.CreateRole("deployer", new(null))));
    }

    [Fact]
    public async Task The_length_of_a_trust_policy_has_two_sides()
    {
        var ram = await fixture.NewAccount();
        await ram.Roles.CreateRole("deployer", new(RamAccount.Trust.PadRight(6144)));
        Assert.Equal("InvalidParameter.PolicyDocument.Length", await RamAccount.Code(() => ram.Roles.CreateRole("other", new(RamAccount.Trust.PadRight(6145)))));
    }
}
