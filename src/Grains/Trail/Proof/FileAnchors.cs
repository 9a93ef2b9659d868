using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>Anchors in a file beside the root key file: on each line whose trail it is, a space, and the checkpoint in Base64. Readable by its owner only.</summary>
internal sealed class FileAnchors(string rootKeyFile, ClusterSecret secret) : TrailAnchors
{
    private readonly string _path = PathOf(rootKeyFile);
    private readonly string _owner = Owner(secret);

    /// <summary>The file that belongs to a root key file.</summary>
    public static string PathOf(string rootKeyFile) => Path.GetFullPath(rootKeyFile) + ".trail";

    /// <summary>All that are kept there; none if there is no such file.</summary>
    /// <exception cref="HsmSetupException">It cannot be read.</exception>
    public static List<SignedCheckpoint> Read(string rootKeyFile, string owner)
    {
        var path = PathOf(rootKeyFile);
        try { return [.. Lines(path).Select(line => Parse(line, owner)).OfType<SignedCheckpoint>()]; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new HsmSetupException($"{path} cannot be read ({e.Message}): make it a file that this user can read.", e); }
    }

    public override Task<IReadOnlyList<AnchorFailure>> Keep(SignedCheckpoint checkpoint)
    {
        try
        {
            Replace(checkpoint);
            return Task.FromResult<IReadOnlyList<AnchorFailure>>([]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult<IReadOnlyList<AnchorFailure>>([new(_path, e.Message, IsForGood: false)]);
        }
    }

    private void Replace(SignedCheckpoint signed)
    {
        var checkpoint = TrailCheckpoint.Read(signed.Body)!;
        var others = new List<string>();
        foreach (var line in Lines(_path))
        {
            var kept = Parse(line, _owner) is { } other ? TrailCheckpoint.Read(other.Body) : null;
            if (kept?.ChainId != checkpoint.ChainId) others.Add(line);
            else if (kept.Number >= checkpoint.Number) return;
        }
        var lines = others.Append($"{_owner} {Convert.ToBase64String(signed.ToBytes())}");
        SecretFile.Write(_path, System.Text.Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
    }

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static SignedCheckpoint? Parse(string line, string owner)
    {
        if (!line.StartsWith(owner + ' ', StringComparison.Ordinal)) return null;
        var bytes = new byte[TrailCheckpoint.Length + SignedCheckpoint.SignatureLength];
        return Convert.TryFromBase64String(line[(owner.Length + 1)..], bytes, out var length) && SignedCheckpoint.Read(bytes.AsSpan(0, length)) is { } signed && TrailCheckpoint.Read(signed.Body) is not null
            ? signed
            : null;
    }
}
