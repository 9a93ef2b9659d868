using System.Buffers;
using System.Text.Json;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>What proves to a holder of the public key that an event was in the trail when a checkpoint was signed. Its form is told in docs/trail.md.</summary>
/// <param name="Event">The event, byte by byte.</param>
/// <param name="EventIndex">Its place in its block, from 0.</param>
/// <param name="EventPath">The Merkle path from it to the block's root.</param>
/// <param name="Block">The block's header.</param>
/// <param name="BlockPath">The Merkle path from the block's hash to the checkpoint's root.</param>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="PublicKey">The key that it was signed by, SubjectPublicKeyInfo. Who verifies has to have it from elsewhere.</param>
internal sealed record EventProof(
    ReadOnlyMemory<byte> Event, int EventIndex, IReadOnlyList<byte[]> EventPath, byte[] Block, IReadOnlyList<byte[]> BlockPath, SignedCheckpoint Checkpoint, byte[] PublicKey)
{
    private const string Format = "kms-trail-proof/1";

    /// <summary>What it proves, if it is signed by one of the keys.</summary>
    /// <returns>The block's header, and the checkpoint.</returns>
    /// <exception cref="TrailFaultException">It proves nothing.</exception>
    public (TrailBlockHeader Block, TrailCheckpoint Checkpoint) Verify(byte[] publicKey)
    {
        if (!Checkpoint.IsSignedBy(publicKey)) throw new TrailFaultException("the checkpoint is not signed by this key");
        var checkpoint = TrailCheckpoint.Read(Checkpoint.Body) ?? throw new TrailFaultException("the checkpoint is none");
        var block = TrailBlockHeader.Read(Block) ?? throw new TrailFaultException("the block's header is none");
        if (block.ChainId != checkpoint.ChainId || block.Number < checkpoint.FirstBlock || block.Number > checkpoint.LastBlock) throw new TrailFaultException("the checkpoint does not cover the block");
        if (!Leads(block.Hash(), (int)(block.Number - checkpoint.FirstBlock), (int)checkpoint.Blocks, BlockPath, checkpoint.Root)) throw new TrailFaultException("the block is not the one that the checkpoint covers");
        if (!Leads(Event.Span, EventIndex, block.Events, EventPath, block.Root.Span)) throw new TrailFaultException("the event is not the one that is in the block");
        return (block, checkpoint);
    }

    /// <summary>The proof as a JSON document.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WritePropertyName("event");
            json.WriteRawValue(Event.Span);
            json.WriteBase64String("eventBytes", Event.Span);
            json.WriteNumber("eventIndex", EventIndex);
            WritePath(json, "eventPath", EventPath);
            json.WriteBase64String("block", Block);
            WritePath(json, "blockPath", BlockPath);
            json.WriteBase64String("checkpoint", Checkpoint.Body);
            json.WriteBase64String("signature", Checkpoint.Signature);
            json.WriteBase64String("publicKey", PublicKey);
            json.WriteEndObject();
        }
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Undoes <see cref="Write"/>.</summary>
    /// <exception cref="TrailFaultException">It is no proof.</exception>
    public static EventProof Read(byte[] document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            var root = json.RootElement;
            byte[] Bytes(string name) => root.GetProperty(name).GetBytesFromBase64();
            List<byte[]> Path(string name) => [.. root.GetProperty(name).EnumerateArray().Select(step => step.GetBytesFromBase64())];
            if (root.GetProperty("format").GetString() != Format) throw new TrailFaultException($"it is of another format than {Format}");
            return new(Bytes("eventBytes"), root.GetProperty("eventIndex").GetInt32(), Path("eventPath"), Bytes("block"), Path("blockPath"), new(Bytes("checkpoint"), Bytes("signature")), Bytes("publicKey"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException) { throw new TrailFaultException("it is no proof"); }
    }

    private static bool Leads(ReadOnlySpan<byte> content, int index, int count, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root) =>
        index >= 0 && index < count && path.All(step => step.Length == MerkleTree.HashBytes) && MerkleTree.RootOf(MerkleTree.HashLeaf(content), index, count, path) is { } found && root.SequenceEqual(found);

    private static void WritePath(Utf8JsonWriter json, string name, IReadOnlyList<byte[]> path)
    {
        json.WriteStartArray(name);
        foreach (var step in path) json.WriteBase64StringValue(step);
        json.WriteEndArray();
    }
}
