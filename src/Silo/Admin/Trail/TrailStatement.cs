using System.Text.Json;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>A signed checkpoint that is kept outside the database, which has to contain what it says.</summary>
/// <param name="Source">Where it is kept.</param>
/// <param name="Signed">As it was signed.</param>
/// <param name="Checkpoint">What it says.</param>
internal sealed record TrailStatement(string Source, SignedCheckpoint Signed, TrailCheckpoint Checkpoint)
{
    /// <summary>The format of a line of a file of statements.</summary>
    public const string Format = "kms-trail-checkpoint/1";

    /// <summary>A statement from its place.</summary>
    /// <exception cref="StartupException">It is no checkpoint.</exception>
    public static TrailStatement Of(string source, SignedCheckpoint signed) => TrailCheckpoint.Read(signed.Body) is { } checkpoint
        ? new(source, signed, checkpoint)
        : throw new StartupException($"{source} holds no checkpoint of a trail.");

    /// <summary>The statements of a file that <c>trail checkpoint</c> wrote, one on each line.</summary>
    /// <exception cref="StartupException">It is something else.</exception>
    public static IEnumerable<TrailStatement> ReadAll(string path) =>
        File.ReadLines(path).Where(line => line.Trim().Length > 0).Select((line, i) => Read($"{path}, line {i + 1}", line));

    /// <summary>The line of a file.</summary>
    public string Write() => JsonSerializer.Serialize(new
    {
        format = Format,
        chainId = Checkpoint.ChainId,
        number = Checkpoint.Number,
        lastBlock = Checkpoint.LastBlock,
        lastEvent = Checkpoint.LastEvent,
        time = Checkpoint.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
        checkpoint = Signed.Body,
        signature = Signed.Signature,
    });

    private static TrailStatement Read(string source, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.GetProperty("format").GetString() != Format) throw new StartupException($"{source} is of another format than {Format}.");
            return Of(source, new(root.GetProperty("checkpoint").GetBytesFromBase64(), root.GetProperty("signature").GetBytesFromBase64()));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException) { throw new StartupException($"{source} is no statement of kms-admin trail checkpoint."); }
    }
}
