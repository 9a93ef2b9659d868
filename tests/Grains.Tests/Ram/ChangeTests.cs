using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

/// <summary>Changes and those who ask for rights meanwhile. The writer of the database is held up, as a slow disk would.</summary>
public sealed class ChangeTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-ram-");
    private TestKms _kms = null!;
    private RamAccount _ram = null!;

    public async Task InitializeAsync()
    {
        _kms = await RamFixture.Start(_root.FullName);
        _ram = await RamAccount.Open(_kms);
    }

    public async Task DisposeAsync()
    {
        await _kms.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task Who_asks_for_rights_while_they_change_gets_the_new_ones()
    {
        var alice = await _ram.User("alice");
        await _ram.Policies.AttachPolicyToUser(PolicyType.System, "ReadOnlyAccess", "alice");
        // So that the call below is let in at once, and is the first.
        await _ram.Users.GetUser("alice");
        using var disk = HoldWriter();
        var change = _ram.Policies.DetachPolicyFromUser(PolicyType.System, "ReadOnlyAccess", "alice");
        var rights = _ram.DocumentsOf(alice);
        var listed = await _ram.Policies.ListPoliciesForUser("alice");
        Assert.False(change.IsCompleted);
        Assert.False(rights.IsCompleted);
        disk.Release();
        await change;
        Assert.Empty(await rights);
        // Lists tell what is durable, and wait for nothing.
        Assert.Single(listed);
    }

    [Fact]
    public async Task A_change_that_could_not_be_written_is_refused_and_the_next_one_is_made()
    {
        await _ram.User("alice");
        await _ram.Write("ALTER TABLE kms_ram_user RENAME TO kms_ram_user_1");
        Assert.Equal("ServiceUnavailableTemporary", await RamAccount.Code(() => _ram.User("bob")));
        Assert.StartsWith("ServiceUnavailableTemporary", await RamAccount.Code(() => _ram.Users.GetUser("alice")), StringComparison.Ordinal);
        await _ram.Write("ALTER TABLE kms_ram_user_1 RENAME TO kms_ram_user");
        await _ram.User("bob");
    }

    [Fact]
    public async Task What_was_made_outlives_a_restart()
    {
        var alice = await _ram.User("alice");
        await _ram.Policy("p");
        await _ram.Policies.AttachPolicyToUser(PolicyType.Custom, "p", "alice");
        var key = (await _ram.Users.CreateAccessKey("alice")).AccessKey;
        await _kms.DisposeAsync();
        _kms = await RamFixture.Start(_root.FullName);
        _ram = await RamAccount.Open(_kms);
        Assert.Equal(alice, await _ram.Users.GetUser("alice"));
        Assert.Equal([key], await _ram.Users.ListAccessKeys("alice"));
        Assert.Equal(["/p/v1"], await _ram.DocumentsOf(alice));
    }

    [Fact]
    public async Task Whatever_is_done_at_once_nothing_hangs_on_what_is_gone()
    {
        var steps = new Func<Task>[]
        {
            () => _ram.User("alice"), () => _ram.Group("staff"), () => _ram.Policy("p"),
            () => _ram.Groups.AddUserToGroup("alice", "staff"), () => _ram.Policies.AttachPolicyToUser(PolicyType.Custom, "p", "alice"), () => _ram.Policies.AttachPolicyToGroup(PolicyType.Custom, "p", "staff"),
            () => _ram.Policies.CreatePolicyVersion("p", RamAccount.Document, true, true), () => _ram.Users.CreateAccessKey("alice"),
            async () => await _ram.Users.DeleteAccessKey("alice", (await _ram.Users.ListAccessKeys("alice")).FirstOrDefault()?.AccessKeyId ?? "none"),
            () => _ram.Policies.DeletePolicy("p", true), () => _ram.Groups.RemoveUserFromGroup("alice", "staff"), () => _ram.Users.DeleteUser("alice"), () => _ram.Groups.DeleteGroup("staff"),
        };
        // Each goes its own way through the steps, so that all of them meet.
        await Task.WhenAll(Enumerable.Range(1, 6).Select(stride => Task.Run(async () =>
        {
            for (var i = 0; i < 10 * steps.Length; i++) Assert.True(await Record.ExceptionAsync(steps[i * stride % steps.Length]) is null or KmsException { Subject: not null });
        })));
        foreach (var (rows, table, id) in new[]
        {
            ("kms_ram_membership", "kms_ram_user", "user_id"), ("kms_ram_membership", "kms_ram_group", "group_id"), ("kms_ram_access_key", "kms_ram_user", "user_id"),
            ("kms_ram_policy_version", "kms_ram_policy", "policy_id"), ("kms_ram_attachment", "kms_ram_policy", "policy_id"),
        }) Assert.Equal((rows, 0), (rows, Count($"SELECT COUNT(*) FROM {rows} x WHERE NOT EXISTS (SELECT 1 FROM {table} y WHERE y.account_id = x.account_id AND y.{id} = x.{id})")));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM kms_ram_attachment a WHERE a.identity_id NOT IN (SELECT user_id FROM kms_ram_user UNION SELECT group_id FROM kms_ram_group)"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM kms_ram_policy p WHERE NOT EXISTS (SELECT 1 FROM kms_ram_policy_version v WHERE v.policy_id = p.policy_id AND v.version = p.default_version)"));
    }

    private int Count(string sql)
    {
        using var connection = _kms.Folder.Kms.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql(sql).Number();
    }

    private HeldWriter HoldWriter() => new(_kms.Services.GetRequiredService<BatchWriter>());

    private sealed class HeldWriter : IDisposable
    {
        private readonly ManualResetEventSlim _go = new();
        private readonly Task _held;

        public HeldWriter(BatchWriter writer) => _held = writer.Execute(_ => _go.Wait());

        public void Release() => _go.Set();

        public void Dispose()
        {
            _go.Set();
            _held.GetAwaiter().GetResult();
            _go.Dispose();
        }
    }
}
