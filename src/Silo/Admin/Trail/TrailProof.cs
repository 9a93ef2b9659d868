using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Makes a proof that an event is in the trail.</summary>
internal static class TrailProof
{
    private const string WhyMissing = "If the time that events are kept is over, this is why (Kms:Trail:RetentionDays), else somebody removed them: kms-admin trail verify tells.";

    public static AdminCommand Command { get; } = new(
        "trail proof", "writes what proves, to everybody who has the public key, that an event is in the trail",
        [new("--event", "ID", "the event's id", IsRequired: true), new("--out", "FILE", "where it is written; to the terminal if not given")],
        Run);

    private static Task<int> Run(AdminContext context)
    {
        if (!Guid.TryParse(context.Arguments.Text("--event"), out var id)) throw new UsageException($"{context.Arguments.Text("--event")} is no event's id.");
        using var trail = TrailSnapshot.Open(context);
        var (block, index) = EventSearch.Find(trail, id) ?? throw new StartupException($"no event {id:D} is in the trail.");
        var chain = trail.Chains().Find(chain => chain.Chain == block.Chain) ?? throw Altered();
        var signed = trail.Covering(block.Chain, block.Number) ?? throw new StartupException(
            $"event {id:D} is in block {block.Number} of chain {chain.ChainId:D}, which no checkpoint covers yet: while the service runs the next one is made within {context.Settings.Kms.Trail.CheckpointSeconds} s.");
        var proof = Prove(trail, chain.ChainId, block, index, signed, PublicKey(trail, signed));
        if (context.Arguments.Find("--out") is { } path)
        {
            SecretFile.Write(path, proof.Write());
            context.Say($"{path} proves event {id:D}. Who verifies it needs the public key (kms-admin trail public-key) from you.");
        }
        else context.Say(System.Text.Encoding.UTF8.GetString(proof.Write()).TrimEnd());
        return Task.FromResult(0);
    }

    private static EventProof Prove(TrailSnapshot trail, Guid chainId, TrailBlock block, int index, SignedCheckpoint signed, byte[] publicKey)
    {
        var header = new TrailBlockHeader(chainId, block.Number, block.FirstEvent, block.Count, block.WrittenAt, block.Previous, block.Root);
        var checkpoint = TrailCheckpoint.Read(signed.Body) ?? throw Altered();
        var (events, hashes) = (block.Events().ToArray(), trail.Hashes(block.Chain, checkpoint.FirstBlock, checkpoint.LastBlock));
        if (hashes.Count != checkpoint.Blocks) throw new StartupException($"there is no proof of it: of the blocks {checkpoint.FirstBlock} to {checkpoint.LastBlock}, which one checkpoint covers, {hashes.Count} are left. {WhyMissing}");
        var eventPath = MerkleTree.Path(Leaves(events), index);
        var blockPath = MerkleTree.Path(Leaves(hashes.Select(hash => (ReadOnlyMemory<byte>)hash)), (int)(block.Number - checkpoint.FirstBlock));
        var proof = new EventProof(events[index], index, eventPath, header.ToBytes(), blockPath, signed, publicKey);
        try { proof.Verify(publicKey); }
        catch (TrailFaultException) { throw Altered(); }
        return proof;
    }

    private static byte[] Leaves(IEnumerable<ReadOnlyMemory<byte>> contents) => [.. contents.SelectMany(content => MerkleTree.HashLeaf(content.Span))];

    private static byte[] PublicKey(TrailSnapshot trail, SignedCheckpoint signed)
    {
        using var command = trail.Command();
        command.CommandText = "SELECT public_key FROM kms_trail_key";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var key = reader.GetFieldValue<byte[]>(0);
            if (signed.IsSignedBy(key)) return key;
        }
        throw Altered();
    }

    private static StartupException Altered() => new("there is no proof of it, for the trail is not what was written: run kms-admin trail verify.");
}
