using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Grains.Tests.Trail.Proof;

/// <summary>A database that was put back to an older copy while the service did not run.</summary>
[Collection(TokenTests.Name)]
public sealed class RollbackTests(TokenFixture token)
{
    // Not one that lanes call for callers.
    private const Pkcs11Function CreateObject = (Pkcs11Function)20;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly string _folder = token.NewFolder();
    private readonly string _copy = Path.Combine(token.NewFolder(), "copy.db");

    public static TheoryData<bool> Homes => [true, false];

    [Theory, MemberData(nameof(Homes))]
    public async Task It_is_told_once_in_the_log_and_by_the_first_event_of_a_new_chain(bool hasToken)
    {
        var rootKeyFile = hasToken ? "" : Path.Combine(token.NewFolder(), "root.keys");
        await RollBack(rootKeyFile, atOnce: 2);
        await using (var trail = await ProvenTrail.Start(token, _folder, Hour, rootKeyFile))
        {
            Assert.Single(trail.Log.All, line => line.StartsWith("Error: The database is older than the trail was", StringComparison.Ordinal));
            var first = Encoding.UTF8.GetString(trail.Rows("SELECT body FROM kms_trail_block WHERE chain = 2 AND number = 1", row => row.GetFieldValue<byte[]>(0)).Single());
            Assert.Contains("\"eventName\":\"TrailRolledBack\"", first, StringComparison.Ordinal);
            Assert.Contains("\"LastEventInDatabase\":\"2\",\"LastEventSigned\":\"4\"", first, StringComparison.Ordinal);
            Assert.Empty(trail.Rows("SELECT 1 FROM kms_trail_intent", _ => 0));
            await trail.Record(1);
            await trail.Sign();
        }
        await using var later = await ProvenTrail.Start(token, _folder, 2 * Hour, rootKeyFile);
        Assert.DoesNotContain(later.Log.All, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.Equal([1L, 2L], later.Rows("SELECT chain FROM kms_trail_chain ORDER BY chain", row => row.GetInt64(0)));
    }

    [Fact]
    public async Task A_chain_that_is_missing_as_a_whole_is_told()
    {
        await RollBack("", atOnce: 0);
        await using var trail = await ProvenTrail.Start(token, _folder, Hour);
        Assert.Contains(trail.Log.All, line => line.Contains("it has events up to 0, and up to 4 were signed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_is_a_database_that_is_missing_as_a_whole_and_only_once()
    {
        await using (var trail = await ProvenTrail.Start(token, _folder))
        {
            await trail.Record(4);
            await trail.Sign();
        }
        SqliteConnection.ClearAllPools();
        foreach (var end in new[] { "", "-wal", "-shm" }) File.Delete(Path.Combine(_folder, "trail.db" + end));
        await using (var trail = await ProvenTrail.Start(token, _folder, Hour))
        {
            Assert.Contains(trail.Log.All, line => line.Contains("it has events up to 0, and up to 4 were signed", StringComparison.Ordinal));
            Assert.Contains("TrailRolledBack", Encoding.UTF8.GetString(trail.Rows("SELECT body FROM kms_trail_block WHERE chain = 2 AND number = 1", row => row.GetFieldValue<byte[]>(0)).Single()), StringComparison.Ordinal);
        }
        await using var later = await ProvenTrail.Start(token, _folder, 2 * Hour);
        Assert.DoesNotContain(later.Log.All, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_that_goes_on_as_it_was_is_told_nothing_of()
    {
        for (var start = 0; start < 3; start++)
        {
            await using var trail = await ProvenTrail.Start(token, _folder, start * Hour);
            await trail.Record(2);
            Assert.DoesNotContain(trail.Log.All, line => line.StartsWith("Error", StringComparison.Ordinal));
            Assert.Single(trail.Rows("SELECT chain FROM kms_trail_chain", row => row.GetInt64(0)));
        }
    }

    [Fact]
    public async Task Of_several_tokens_each_keeps_it_and_one_is_enough()
    {
        using var twins = new TwinTokens(token);
        await RollBack("", atOnce: 2, twins.Both);
        Assert.Equal(1, DestroyAnchors(twins.One[0]));
        await using var trail = await ProvenTrail.Start(token, _folder, Hour, hsm: twins.Both);
        Assert.Contains(trail.Log.All, line => line.StartsWith("Error: The database is older than the trail was", StringComparison.Ordinal));
        await trail.Record(1);
        await trail.Sign();
        Assert.Equal((2, 2), (DestroyAnchors(twins.One[0]), DestroyAnchors(twins.One[1])));
    }

    [Fact]
    public async Task A_token_that_keeps_no_data_objects_is_told_of_once_and_the_trail_goes_on()
    {
        using var twins = new TwinTokens(token);
        twins.Shims[0].Order(CreateObject, CKR.CKR_TOKEN_WRITE_PROTECTED, times: long.MaxValue);
        await using var trail = await ProvenTrail.Start(token, _folder, hsm: twins.Both);
        for (var round = 0; round < 3; round++)
        {
            await trail.Record(1);
            await trail.Sign();
        }
        Assert.Equal(3, trail.Checkpoints().Count);
        Assert.Equal(
            [$"Warning: Token {twins.One[0].TokenLabel} does not keep the newest checkpoint of the trail: a database that is put back to an older copy is not found by it. C_CreateObject: CKR_TOKEN_WRITE_PROTECTED"],
            trail.Log.All);
        Assert.Equal(1, DestroyAnchors(twins.One[1]));
    }

    [Fact]
    public async Task What_a_rolled_back_chain_left_in_the_token_is_not_replaced()
    {
        await RollBack("", atOnce: 2);
        await using (var trail = await ProvenTrail.Start(token, _folder, Hour)) await trail.Record(1);
        await using var later = await ProvenTrail.Start(token, _folder, 2 * Hour);
        var kept = ServiceKeySetup.Anchors(token.Options, later.Kms.Services.GetRequiredService<ServiceKey>(), TrailAnchors.Owner(later.Kms.Services.GetRequiredService<ClusterSecret>()));
        Assert.Contains(LossSearch.Newest(kept), anchor => anchor.Checkpoint is { Number: 2, LastEvent: 4 });
    }

    // By SoftHSM itself, which is behind the shim.
    private static int DestroyAnchors(HsmOptions options) => TokenObjects.Look(new() { ModulePath = TokenFixture.ModulePath, TokenLabel = options.TokenLabel, PinFile = options.PinFile }, session =>
    {
        using var template = new KeyTemplate(KeyTemplate.Of(CKA.CKA_CLASS, (ulong)CKO.CKO_DATA), KeyTemplate.Of(CKA.CKA_TOKEN, true));
        var anchors = session.FindAllObjects(template.Attributes);
        anchors.ForEach(session.DestroyObject);
        return anchors.Count;
    });

    // Records some events, copies the database, records more up to four, and puts the copy in its place.
    private async Task RollBack(string rootKeyFile, int atOnce, HsmOptions? hsm = null)
    {
        await using (var trail = await ProvenTrail.Start(token, _folder, rootKeyFile: rootKeyFile, hsm: hsm))
        {
            if (atOnce == 0) trail.CopyTo(_copy);
            await trail.Record(Math.Max(1, atOnce));
            await trail.Sign();
            if (atOnce > 0) trail.CopyTo(_copy);
            await trail.Record(4 - Math.Max(1, atOnce));
        }
        SqliteConnection.ClearAllPools();
        foreach (var end in new[] { "", "-wal", "-shm" }) File.Delete(Path.Combine(_folder, "trail.db" + end));
        File.Copy(_copy, Path.Combine(_folder, "trail.db"));
    }
}
