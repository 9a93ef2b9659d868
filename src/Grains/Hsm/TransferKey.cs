using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>The AES-256 key that carries a root key from token to token. In memory, at one place, until disposed of; otherwise only as custodians' shares.</summary>
internal sealed class TransferKey : IDisposable
{
    public const int Length = 32;

    private TransferKey() { }

    /// <summary>Never logged.</summary>
    public byte[] Bytes { get; } = GC.AllocateArray<byte>(Length, pinned: true);

    public static TransferKey Generate()
    {
        var key = new TransferKey();
        RandomNumberGenerator.Fill(key.Bytes);
        return key;
    }

    /// <summary>Splits the key; the caller disposes of the shares.</summary>
    public RootKeyShare[] Split(int rootKeyVersion, string exportId, int shares, int threshold) =>
        [.. SecretSharing.Split(Bytes, shares, threshold).Select((value, i) => new RootKeyShare(rootKeyVersion, exportId, i + 1, threshold, value))];

    /// <summary>Recovers the key for an export. Shares beyond the threshold have to fit, too.</summary>
    /// <exception cref="HsmSetupException">There are too few shares, or they do not belong together.</exception>
    public static TransferKey Recover(RootKeyExport export, IReadOnlyCollection<RootKeyShare> shares)
    {
        if (shares.FirstOrDefault(share => share.ExportId != export.Id || share.RootKeyVersion != export.RootKeyVersion || share.Threshold != export.Threshold) is { } stranger)
        {
            throw new HsmSetupException($"Share {stranger.Number} belongs to another export ({stranger.ExportId} of {KeyTemplate.RootKeyLabel(stranger.RootKeyVersion)}): give the shares of export {export.Id}.");
        }
        var different = shares.DistinctBy(share => share.Number).Select(share => ((byte)share.Number, share.Value)).ToArray();
        if (different.Length < export.Threshold) throw new HsmSetupException($"{export.Threshold} different shares are needed, {different.Length} were given.");
        var points = different[..export.Threshold];
        foreach (var (number, value) in different[export.Threshold..]) RequireOnCurve(points, number, value);
        var key = new TransferKey();
        SecretSharing.Interpolate(points, 0, key.Bytes);
        return key;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(Bytes);

    private static void RequireOnCurve((byte, byte[])[] points, byte number, byte[] value)
    {
        Span<byte> expected = stackalloc byte[Length];
        SecretSharing.Interpolate(points, number, expected);
        var fits = CryptographicOperations.FixedTimeEquals(expected, value);
        CryptographicOperations.ZeroMemory(expected);
        if (!fits) throw new HsmSetupException($"Share {number} does not fit to the others: one of them is not the original.");
    }
}
