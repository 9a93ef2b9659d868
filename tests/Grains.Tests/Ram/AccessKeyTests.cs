using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class AccessKeyTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    [Fact]
    public async Task A_key_is_active_at_first_and_tells_its_secret_once()
    {
        var ram = await fixture.NewAccount();
        var (alice, now) = (await ram.User("alice"), ram.Kms.Clock.GetUtcNow());
        var made = await ram.Users.CreateAccessKey("alice");
        Assert.Matches("^LTAI[A-Za-z0-9]{20}$", made.AccessKey.AccessKeyId);
        Assert.Matches("^[A-Za-z0-9]{30}$", made.Secret);
        Assert.Equal((true, now), (made.AccessKey.IsActive, made.AccessKey.CreatedAt));
        Assert.DoesNotContain(made.Secret, made.ToString(), StringComparison.Ordinal);
        Assert.Equal([made.AccessKey], await ram.Users.ListAccessKeys("alice"));
        Assert.Equal(new(ram.Id, alice.UserId, true, now, null), await ram.Key(made.AccessKey.AccessKeyId).State());
        Assert.Null(await ram.Users.GetAccessKeyLastUsed("alice", made.AccessKey.AccessKeyId));
        Assert.DoesNotContain(ram.Kms.StoredStates(), state => state.Contains(made.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_switched_off_and_on_and_removed()
    {
        var ram = await fixture.NewAccount();
        await ram.User("alice");
        var key = (await ram.Users.CreateAccessKey("alice")).AccessKey;
        await ram.Users.UpdateAccessKey("alice", key.AccessKeyId, false);
        Assert.Equal([key with { IsActive = false }], await ram.Users.ListAccessKeys("alice"));
        await ram.Users.UpdateAccessKey("alice", key.AccessKeyId, true);
        Assert.Equal([key], await ram.Users.ListAccessKeys("alice"));
        await ram.Users.DeleteAccessKey("alice", key.AccessKeyId);
        Assert.Empty(await ram.Users.ListAccessKeys("alice"));
        Assert.Null(await ram.Key(key.AccessKeyId).State());
        Assert.Equal(0, ram.Rows("kms_ram_access_key"));
    }

    [Fact]
    public async Task A_key_that_is_not_that_users_is_none()
    {
        var (ram, other) = (await fixture.NewAccount(), await fixture.NewAccount());
        await ram.User("alice");
        await ram.User("bob");
        await other.User("alice");
        var bobs = (await ram.Users.CreateAccessKey("bob")).AccessKey.AccessKeyId;
        var foreign = (await other.Users.CreateAccessKey("alice")).AccessKey.AccessKeyId;
        foreach (var id in new[] { bobs, foreign, "LTAIabsent", "LTAItest" + ram.Id })
        {
            foreach (var call in new Func<Task>[]
            {
                () => ram.Users.UpdateAccessKey("alice", id, false), () => ram.Users.DeleteAccessKey("alice", id), () => ram.Users.GetAccessKeyLastUsed("alice", id),
            }) Assert.Equal("EntityNotExist.User.AccessKey", await RamAccount.Code(call));
        }
        Assert.Equal("MissingUserAccessKeyId", await RamAccount.Code(() => ram.Users.DeleteAccessKey("alice", "")));
        Assert.True((await ram.Key(bobs).State())!.IsActive);
        Assert.True((await ram.Key(foreign).State())!.IsActive);
    }

    [Fact]
    public async Task Without_a_name_the_keys_are_the_callers_own()
    {
        var ram = await fixture.NewAccount();
        var (alice, root) = (await ram.User("alice"), "LTAItest" + ram.Id);
        await ram.Policies.AttachPolicyToUser(PolicyType.System, "AliyunRAMFullAccess", "alice");
        var first = (await ram.Users.CreateAccessKey("alice")).AccessKey;
        await ram.Service.ListRootAccessKey(root, ram.Kms.Clock.GetUtcNow());

        var second = (await ram.UsersAs(first.AccessKeyId, alice.UserId).CreateAccessKey(null)).AccessKey;

        Assert.Equal(2, (await ram.Users.ListAccessKeys("alice")).Length);
        Assert.Equal([root], (await ram.Users.ListAccessKeys(null)).Select(key => key.AccessKeyId));
        Assert.Equal(2, (await ram.UsersAs(first.AccessKeyId, alice.UserId).ListAccessKeys(null)).Length);
        await ram.UsersAs(first.AccessKeyId, alice.UserId).DeleteAccessKey(null, second.AccessKeyId);
        Assert.Equal([first], await ram.Users.ListAccessKeys("alice"));
    }

    [Fact]
    public async Task A_session_has_no_keys_of_its_own()
    {
        var ram = await fixture.NewAccount();
        var role = await ram.Role("deployer");
        await ram.Policies.AttachPolicyToRole(PolicyType.System, "AdministratorAccess", "deployer");
        Assert.Equal("MissingUserName", await RamAccount.Code(() => ram.UsersAs("STS.x", null, new RoleSession(role.RoleId, "session", null)).CreateAccessKey(null)));
    }

    // Let in before it was removed, it waited for its turn behind its removal.
    [Fact]
    public async Task A_user_that_was_removed_meanwhile_gets_no_key()
    {
        var ram = await fixture.NewAccount();
        var alice = await ram.User("alice");
        await ram.Policies.AttachPolicyToUser(PolicyType.System, "AliyunRAMFullAccess", "alice");
        var key = (await ram.Users.CreateAccessKey("alice")).AccessKey.AccessKeyId;
        Assert.Single(await ram.UsersAs(key, alice.UserId).ListAccessKeys(null));
        await ram.Write("DELETE FROM kms_ram_user WHERE user_id = @id", ("@id", alice.UserId));
        Assert.Equal("EntityNotExist.User", await RamAccount.Code(() => ram.UsersAs(key, alice.UserId).CreateAccessKey(null)));
        Assert.Equal(1, ram.Rows("kms_ram_access_key"));
    }

    [Fact]
    public async Task A_user_has_two_keys_and_so_has_the_root()
    {
        var ram = await fixture.NewAccount();
        await ram.User("alice");
        foreach (var name in new[] { "alice", null })
        {
            var keys = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Record.ExceptionAsync(() => ram.Users.CreateAccessKey(name)))));
            Assert.Equal(2, keys.Count(outcome => outcome is null));
            Assert.All(keys.Where(outcome => outcome is not null), outcome => Assert.Equal("LimitExceeded.User.AccessKey", Assert.IsType<KmsException>(outcome).ApiCode));
            var listed = await ram.Users.ListAccessKeys(name);
            await ram.Users.DeleteAccessKey(name, listed[0].AccessKeyId);
            Assert.Equal([listed[1]], await ram.Users.ListAccessKeys(name));
            await ram.Users.CreateAccessKey(name);
        }
    }

    // As after a crash between row and key, at its making or its removal.
    [Fact]
    public async Task A_row_without_a_key_is_not_shown_does_not_count_and_goes()
    {
        var ram = await fixture.NewAccount();
        var alice = await ram.User("alice");
        await Leave(ram, alice, "LTAIgone1");
        Assert.Equal("EntityNotExist.User.AccessKey", await RamAccount.Code(() => ram.Users.UpdateAccessKey("alice", "LTAIgone1", true)));
        Assert.Empty(await ram.Users.ListAccessKeys("alice"));
        Assert.Equal(0, ram.Rows("kms_ram_access_key"));

        foreach (var id in new[] { "LTAIgone2", "LTAIgone3" }) await Leave(ram, alice, id);
        var key = (await ram.Users.CreateAccessKey("alice")).AccessKey;
        Assert.Equal([key], await ram.Users.ListAccessKeys("alice"));

        await Leave(ram, alice, "LTAIgone4");
        await ram.Users.DeleteAccessKey("alice", key.AccessKeyId);
        await ram.Users.DeleteUser("alice");
        Assert.Equal(0, ram.Rows("kms_ram_access_key"));
    }

    // Somebody who can write the table gives nobody another one's key.
    [Fact]
    public async Task A_row_that_names_another_ones_key_is_not_believed()
    {
        var ram = await fixture.NewAccount();
        var alice = await ram.User("alice");
        await Leave(ram, alice, "LTAItest" + ram.Id);
        Assert.Equal("EntityNotExist.User.AccessKey", await RamAccount.Code(() => ram.Users.DeleteAccessKey("alice", "LTAItest" + ram.Id)));
        Assert.Empty(await ram.Users.ListAccessKeys("alice"));
    }

    [Fact]
    public async Task The_roots_key_is_listed_once_however_often_it_is_told()
    {
        var ram = await fixture.NewAccount();
        var now = ram.Kms.Clock.GetUtcNow();
        for (var i = 0; i < 3; i++) await ram.Service.ListRootAccessKey("LTAItest" + ram.Id, now.AddDays(i));
        Assert.Equal([new("LTAItest" + ram.Id, true, now)], await ram.Users.ListAccessKeys(null));
    }

    private static Task Leave(RamAccount ram, RamUser user, string accessKeyId) => ram.Write(
        "INSERT INTO kms_ram_access_key (account_id, user_id, access_key_id, created_at) VALUES (@account, @user, @key, 0)",
        ("@account", ram.Id), ("@user", user.UserId), ("@key", accessKeyId));
}
