using System.Text;
using System.Text.Json.Nodes;
using Orleans.Kms.Silo.Admin.Trail;

namespace Orleans.Kms.Grains.Tests.Trail.Proof;

/// <summary>What kms-admin trail finds in a database that somebody has changed.</summary>
[Collection(TokenTests.Name)]
public sealed class VerificationTests(TokenFixture token) : IAsyncLifetime
{
    private const string Whole = "Everything is as it was written.";

    private readonly string _folder = token.NewFolder();
    private Guid[] _events = [];

    // Chain 1: blocks 1 to 3 (checkpoint 1), 4 and 5 with two events (checkpoint 2), 6 (checkpoint 3). Chain 2: block 1 (checkpoint 1).
    public async Task InitializeAsync()
    {
        await using var trail = await ProvenTrail.Start(token, _folder);
        _events = await trail.Record(3);
        await trail.Sign();
        await trail.Record(1);
        await trail.RecordTogether();
        await trail.Sign();
        await trail.Record(1);
        await trail.Sign();
        await trail.Writer.BeginChain();
        await trail.Record(1);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void A_trail_that_nobody_changed_is_whole()
    {
        var said = Copy().Verify();
        Assert.Contains("blocks 1 to 6, 7 events to number 7; checkpoints 1 to 3, the newest of 2026-03-01T12:00:00Z, cover all", said, StringComparison.Ordinal);
        Assert.Contains("2 chains, 7 blocks, 8 events in ", said, StringComparison.Ordinal);
        Assert.Contains(Whole, said, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "UPDATE kms_trail_block SET body = CAST(REPLACE(CAST(body AS TEXT), '\"number\":2', '\"number\":9') AS BLOB) WHERE chain = 1 AND number = 2", "block 2: its events or its header are not those that were written" },
        { "UPDATE kms_trail_block SET written_at = written_at + 1 WHERE chain = 1 AND number = 4", "block 4: its events or its header" },
        { "UPDATE kms_trail_block SET body = substr(body, 1, length(body) - 1) WHERE chain = 1 AND number = 2", "block 2: it has 0 whole events and not 1" },
        { "DELETE FROM kms_trail_block WHERE chain = 1 AND number = 5", "block 5 is missing; the next one that is there is 6" },
        { "UPDATE kms_trail_block SET number = CASE number WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE chain = 1 AND number IN (2, 3); UPDATE kms_trail_block SET number = -number WHERE number < 0", "block 2: its first event is 3" },
        { "DELETE FROM kms_trail_block WHERE chain = 1 AND number = 6", "its end is missing: checkpoint 3 covers the blocks to 6, and the database ends with block 5 and event 6" },
        { "DELETE FROM kms_trail_block WHERE chain = 1 AND number = 6; DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number = 3", "keeps checkpoint 3 of 2026-03-01T12:00:00Z, of the blocks to 6 and the events to 7, and the database ends with block 5" },
        { "DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number = 3", "checkpoint 3 is missing, which token" },
        { "DELETE FROM kms_trail_checkpoint WHERE chain = 1", "checkpoint 3 is missing, which token" },
        { "DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number = 2", "checkpoint 2 is missing" },
        { "DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number = 1", "its front is missing: it begins with block 1, and no checkpoint tells what was before it" },
        { "DELETE FROM kms_trail_block WHERE chain = 1 AND number <= 3", "its front is missing: of checkpoint 1, signed at 2026-03-01T12:00:00Z and so within the days that are kept" },
        { "DELETE FROM kms_trail_block WHERE chain = 1 AND number <= 2", "its front is missing: of checkpoint 1" },
        { "DELETE FROM kms_trail_block WHERE chain = 1 AND number <= 3; DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number = 1", "its front is missing: it begins with block 4" },
        { "DELETE FROM kms_trail_block WHERE chain = 1", "its front is missing: of checkpoint 1, signed at 2026-03-01T12:00:00Z and so within the days that are kept, all blocks are not there" },
        { "UPDATE kms_trail_checkpoint SET body = (SELECT body FROM kms_trail_checkpoint WHERE chain = 1 AND number = 1) WHERE chain = 1 AND number = 2", "checkpoint 2 is not the one of this chain and number" },
        { "UPDATE kms_trail_checkpoint SET signature = zeroblob(64) WHERE chain = 1 AND number = 2", "checkpoint 2 does not bear the signature" },
        { "UPDATE kms_trail_checkpoint SET key_id = 'abc' WHERE chain = 1 AND number = 2", "checkpoint 2 is signed by another key, abc" },
        { "UPDATE kms_trail_block SET body = 7 WHERE chain = 1 AND number = 2", "FAULT chain 1" },
        { "DELETE FROM kms_trail_chain WHERE chain = 1; DELETE FROM kms_trail_block WHERE chain = 1; DELETE FROM kms_trail_checkpoint WHERE chain = 1", "FAULT chain 1: it is missing as a whole" },
        { "DELETE FROM kms_trail_chain WHERE chain = 2; DELETE FROM kms_trail_block WHERE chain = 2; DELETE FROM kms_trail_checkpoint WHERE chain = 2", "with 1 events: it is missing as a whole" },
        { "UPDATE kms_trail_chain SET chain_id = '11111111-2222-4333-8444-555555555555' WHERE chain = 1", "checkpoint 1 is not the one of this chain" },
        { "UPDATE kms_trail_chain SET chain_id = 'none' WHERE chain = 1", "FAULT the table of chains cannot be read" },
        { "UPDATE kms_trail_chain SET begun_at = 9223372036854775807 WHERE chain = 1", "FAULT the table of chains cannot be read" },
        { "INSERT INTO kms_trail_chain SELECT 2147483647, '11111111-2222-4333-8444-555555555555', writer, begun_at FROM kms_trail_chain WHERE chain = 1", "FAULT chains 3 to 2147483646: they are missing as a whole" },
        { "INSERT INTO kms_trail_block SELECT 7, number, segment, first_event, events, time, written_at, root, previous, hash, terms, nonces, body FROM kms_trail_block WHERE chain = 1", "FAULT 6 blocks and checkpoints are of no chain" },
        { "INSERT INTO kms_trail_block SELECT 1.5, number, segment, first_event, events, time, written_at, root, previous, hash, terms, nonces, body FROM kms_trail_block WHERE chain = 2", "FAULT 1 blocks and checkpoints are of no chain" },
        { "UPDATE kms_trail_chain SET writer = 'x' || char(10, 27) || '[2J' WHERE chain = 1; DELETE FROM kms_trail_block WHERE chain = 1 AND number = 5", "writer x??[2J): block 5 is missing" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void What_was_changed_is_found(string sql, string fault)
    {
        var copy = Copy();
        Assert.True(copy.Sql(sql) > 0);
        var said = copy.Verify();
        Assert.Contains(fault, said, StringComparison.Ordinal);
        Assert.Contains("FAILED the trail is not what was written", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Whole, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "edit"), InlineData(5, "reorder"), InlineData(5, "drop"), InlineData(5, "add")]
    public void Blocks_that_were_hashed_anew_are_not_those_that_were_signed(long number, string change)
    {
        var copy = Copy();
        copy.Rewrite(number, events => change switch
        {
            "edit" => [.. events.Select(e => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(e).Replace("number", "Number", StringComparison.Ordinal)))],
            "reorder" => [.. events.Reverse()],
            "drop" => events[..^1],
            _ => [.. events, events[0]],
        });
        Assert.Contains($"are not those that checkpoint {(number <= 3 ? 1 : 2)} was signed for", copy.Verify(), StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoints_that_were_signed_anew_are_signed_by_another_key()
    {
        var copy = Copy();
        copy.SignAnew();
        Assert.Contains("checkpoint 1 is signed by another key", copy.Verify(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM kms_trail_block WHERE chain = 1 AND number <= 3")]
    [InlineData("DELETE FROM kms_trail_block WHERE chain = 1 AND number <= 5; DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number <= 1")]
    [InlineData("DELETE FROM kms_trail_block WHERE chain = 1 AND number <= 4")]
    [InlineData("DELETE FROM kms_trail_block WHERE chain = 1; DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number <= 2")]
    public void A_front_whose_time_had_come_may_be_missing(string sql)
    {
        var copy = Copy();
        copy.Sql(sql);
        Assert.Contains(Whole, copy.Verify(retentionDays: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_known_is_told_and_is_no_fault()
    {
        var copy = Copy();
        copy.Sql("DELETE FROM kms_trail_block WHERE chain = 1 AND number = 6; DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number = 3");
        var id = copy.Verify().Split('(', ',')[1];
        var said = copy.Verify(3650, "--known-loss", id);
        Assert.Contains("known loss: chain 1", said, StringComparison.Ordinal);
        Assert.Contains(Whole, said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_kept_elsewhere_finds_it_without_the_token()
    {
        var (file, key) = (Path.Combine(token.NewFolder(), "kept"), Path.Combine(token.NewFolder(), "key.pem"));
        File.WriteAllText(file, Copy().Run(TrailCheckpoints.Command));
        File.WriteAllText(key, Copy().Run(TrailPublicKey.Command));
        string[] options = ["--without-token", "--public-key", key, "--checkpoint", file];
        Assert.Contains(Whole, Copy().Verify(3650, options), StringComparison.Ordinal);
        var copy = Copy();
        copy.Sql("DELETE FROM kms_trail_block WHERE chain = 1 AND number = 6; DELETE FROM kms_trail_checkpoint WHERE chain = 1 AND number = 3");
        Assert.Contains(Whole, copy.Verify(3650, options[..3]), StringComparison.Ordinal);
        Assert.Contains($"its end is missing: {file}, line 1 keeps checkpoint 3", copy.Verify(3650, options), StringComparison.Ordinal);
        var other = Copy();
        other.SignAnew();
        File.WriteAllText(file, other.Run(TrailCheckpoints.Command));
        Assert.Contains("is not signed by the key of this trail", Copy().Verify(3650, options), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_event_has_a_proof_which_the_public_key_verifies()
    {
        var copy = Copy();
        var key = Path.Combine(token.NewFolder(), "key.pem");
        File.WriteAllText(key, copy.Run(TrailPublicKey.Command));
        foreach (var id in copy.Blocks().SelectMany(block => block.Events()).Select(e => (string)JsonNode.Parse(e.Span)!["eventId"]!))
        {
            var proof = Path.Combine(token.NewFolder(), "proof.json");
            Assert.Contains("proves event", copy.Run(TrailProof.Command, options: ["--event", id, "--out", proof]), StringComparison.Ordinal);
            Assert.Contains($"\"{id}\"", copy.Run(TrailVerifyProof.Command, options: ["--proof", proof, "--public-key", key]), StringComparison.Ordinal);
            var json = JsonNode.Parse(File.ReadAllText(proof))!;
            foreach (var name in new[] { "eventBytes", "block", "checkpoint", "signature" })
            {
                var altered = json.DeepClone();
                var bytes = Convert.FromBase64String((string)altered[name]!);
                bytes[^1] ^= 1;
                altered[name] = Convert.ToBase64String(bytes);
                File.WriteAllText(proof, altered.ToJsonString());
                Assert.Contains("proves nothing", copy.Run(TrailVerifyProof.Command, options: ["--proof", proof, "--public-key", key]), StringComparison.Ordinal);
            }
        }
        Assert.Contains("no event", copy.Run(TrailProof.Command, options: ["--event", Guid.NewGuid().ToString()]), StringComparison.Ordinal);
        copy.Sql("DELETE FROM kms_trail_checkpoint");
        Assert.Contains("which no checkpoint covers yet: while the service runs the next one is made within 60 s", copy.Run(TrailProof.Command, options: ["--event", _events[0].ToString()]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_key_or_no_chain_proves_nothing()
    {
        var copy = Copy();
        copy.Sql("INSERT INTO kms_trail_key (key_id, public_key, made_at) VALUES ('0', x'00', 0)");
        Assert.Contains("\"publicKey\"", copy.Run(TrailProof.Command, options: ["--event", _events[0].ToString()]), StringComparison.Ordinal);
        copy.Sql("DELETE FROM kms_trail_block WHERE chain = 1 AND number = 1");
        Assert.Contains("of the blocks 1 to 3, which one checkpoint covers, 2 are left", copy.Run(TrailProof.Command, options: ["--event", _events[1].ToString()]), StringComparison.Ordinal);
        copy.Sql("DELETE FROM kms_trail_chain WHERE chain = 1");
        Assert.Contains("run kms-admin trail verify", copy.Run(TrailProof.Command, options: ["--event", _events[1].ToString()]), StringComparison.Ordinal);
    }

    private TrailCopy Copy() => new(_folder, token.NewFolder(), token.Options);
}
