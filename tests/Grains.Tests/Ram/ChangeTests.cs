using Microsoft.Extensions.DependencyInjection;
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
