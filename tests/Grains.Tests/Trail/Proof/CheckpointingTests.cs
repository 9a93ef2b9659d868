using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Trail.Proof;

/// <summary>What is signed, and what is kept of it outside the database.</summary>
[Collection(TokenTests.Name)]
public sealed class CheckpointingTests(TokenFixture token)
{
    private readonly string _folder = token.NewFolder();

    [Fact]
    public async Task Checkpoints_cover_all_blocks_one_after_the_other_and_are_signed_by_a_key_in_the_token()
    {
        await using var trail = await ProvenTrail.Start(token, _folder);
        await trail.Record(3);
        await trail.Sign();
        await trail.Sign();
        await trail.Record(2);
        await trail.Sign();

        var made = trail.Checkpoints();
        Assert.Equal([(1L, 1L, 3L, 3L), (2L, 4L, 5L, 5L)], made.Select(made => (made.Number, made.FirstBlock, made.LastBlock, made.LastEvent)));
        Assert.Equal(TrailCheckpoint.None, made[0].Previous);
        Assert.Equal(SHA256.HashData(made[0].ToBytes()), made[1].Previous);
        var (keyId, publicKey) = Assert.Single(trail.Rows("SELECT key_id, public_key FROM kms_trail_key", row => (row.GetString(0), row.GetFieldValue<byte[]>(1))));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(publicKey)), keyId);
        Assert.All(trail.Rows("SELECT body, signature FROM kms_trail_checkpoint", row => new SignedCheckpoint(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1))), signed => Assert.True(signed.IsSignedBy(publicKey)));
        Assert.Contains(trail.Kms.StoredStates(), state => state.Contains("Signs the checkpoints", StringComparison.Ordinal) && state.Contains("\"protectionLevel\":\"Hsm\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_comes_while_a_checkpoint_is_made_waits_for_the_next_one()
    {
        await using var trail = await ProvenTrail.Start(token, _folder);
        await trail.Record(1);
        await trail.Sign();
        using var stop = new CancellationTokenSource();
        var recording = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await trail.Record(1);
        });
        await trail.Record(1);
        await trail.Sign();
        await stop.CancelAsync();
        await recording;
        Assert.Equal(2, trail.Checkpoints().Count);
        await trail.Sign();
        Assert.Equal(trail.Rows("SELECT MAX(number) FROM kms_trail_block", row => row.GetInt64(0)).Single(), trail.Checkpoints()[^1].LastBlock);
    }

    [Fact]
    public async Task What_an_end_or_a_crash_left_uncovered_is_covered_at_the_end_or_at_the_next_start()
    {
        await using (var trail = await ProvenTrail.Start(token, _folder)) await trail.Record(2);
        await using (var trail = await ProvenTrail.Start(token, _folder))
        {
            Assert.Equal(2, Assert.Single(trail.Checkpoints()).LastBlock);
            await trail.Record(2);
        }
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "trail.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM kms_trail_checkpoint WHERE number = 2";
            Assert.Equal(1, command.ExecuteNonQuery());
        }
        await using var last = await ProvenTrail.Start(token, _folder);
        await last.Sign();
        // The token has it, and so the database looks like an older copy: the checkpoint is made anew all the same.
        Assert.Equal([2L, 4L], last.Checkpoints().Take(2).Select(made => made.LastBlock));
    }

    [Fact]
    public async Task Nobody_reaches_the_key_and_nothing_lists_or_counts_it()
    {
        await using var trail = await ProvenTrail.Start(token, _folder);
        await trail.Record(1);
        await trail.Sign();
        foreach (var caller in new[] { TestKms.Account, TrailKey.AccountId })
        {
            trail.Kms.SignIn(caller);
            var key = trail.Kms.Client.GetGrain<IKeyGrain>(TrailKey.GrainKey);
            await Assert.ThrowsAsync<KmsException>(() => key.Describe());
        }
        using var connection = trail.Kms.Folder.Kms.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        Assert.Equal(0, command.Sql("SELECT (SELECT COUNT(*) FROM kms_key) + (SELECT COUNT(*) FROM kms_account WHERE account_id = @account)", ("@account", TrailKey.AccountId)).Number());
    }

    [Fact]
    public async Task Blocks_that_do_not_follow_one_another_are_not_signed_and_the_log_says_so_once()
    {
        await using var trail = await ProvenTrail.Start(token, _folder);
        await trail.Record(3);
        trail.Rows("UPDATE kms_trail_block SET hash = zeroblob(32) WHERE number = 2 RETURNING number", row => 0);
        await trail.Sign();
        await trail.Sign();
        Assert.Empty(trail.Checkpoints());
        Assert.Single(trail.Log.All, line => line.StartsWith("Error: What the trail has cannot be signed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_signed_once_is_not_signed_anew_and_what_is_kept_of_it_stays()
    {
        string signed;
        await using (var trail = await ProvenTrail.Start(token, _folder))
        {
            await trail.Record(3);
            await trail.Sign();
            signed = Convert.ToHexString(Assert.Single(Kept(trail)).Body);
            trail.Rows("DELETE FROM kms_trail_checkpoint RETURNING number", row => 0);
            for (var round = 0; round < 2; round++)
            {
                await trail.Record(1);
                await trail.Sign();
            }
            Assert.Empty(trail.Checkpoints());
            Assert.Single(trail.Log.All, line => line.StartsWith("Error: What the trail has cannot be signed", StringComparison.Ordinal));
        }
        // It is in a chain of its own that the trail goes on; what is left of the other one is signed, and that takes the place of nothing.
        await using var later = await ProvenTrail.Start(token, _folder, TimeSpan.FromHours(1));
        for (var round = 0; round < 2; round++)
        {
            await later.Record(1);
            await later.Sign();
        }
        Assert.Equal(2, later.Rows("SELECT chain FROM kms_trail_chain", row => 0).Count);
        Assert.Contains(signed, Kept(later).Select(anchor => Convert.ToHexString(anchor.Body)));
    }

    [Fact]
    public async Task Every_token_keeps_the_newest_checkpoint_of_each_chain()
    {
        await using var trail = await ProvenTrail.Start(token, _folder);
        await trail.Record(1);
        await trail.Sign();
        await trail.Record(1);
        await trail.Sign();
        await trail.Writer.BeginChain();
        await trail.Record(1);
        await trail.Sign();
        var kept = Kept(trail);
        Assert.Equal(trail.Checkpoints().GroupBy(made => made.ChainId).Select(chain => Convert.ToHexString(chain.Last().ToBytes())).Order(), kept.Select(anchor => Convert.ToHexString(anchor.Body)).Order());
    }

    private List<SignedCheckpoint> Kept(ProvenTrail trail)
    {
        var services = trail.Kms.Services;
        return ServiceKeySetup.Anchors(token.Options, services.GetRequiredService<ServiceKey>(), TrailAnchors.Owner(services.GetRequiredService<ClusterSecret>()));
    }
}
