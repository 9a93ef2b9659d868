using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// One custodian's share of a transfer key. As text it has a line for each field, the value in groups that can be typed from paper, and a checksum over all of it, so that
/// a mistyped share is told. Disposing of it wipes the value.
/// </summary>
/// <param name="rootKeyVersion">The root key that the export holds.</param>
/// <param name="exportId">16 hexadecimal digits: shares of different exports do not fit together.</param>
/// <param name="number">From 1.</param>
/// <param name="threshold">How many shares recover the transfer key.</param>
/// <param name="value">32 bytes.</param>
internal sealed class RootKeyShare(int rootKeyVersion, string exportId, int number, int threshold, byte[] value) : IDisposable
{
    private const string Heading = "Orleans.Kms root key share, format 1";
    private const int ChecksumBytes = 8;
    private const int GroupDigits = 4;

    private static readonly string[] Fields = ["root key", "export", "share", "threshold", "value", "checksum"];

    public int RootKeyVersion { get; } = rootKeyVersion;

    public string ExportId { get; } = exportId;

    public int Number { get; } = number;

    public int Threshold { get; } = threshold;

    /// <summary>Never logged.</summary>
    public byte[] Value { get; } = value;

    /// <summary>Reads the text; letter case, blanks and empty lines do not count.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What to call it in failures.</param>
    /// <exception cref="HsmSetupException">It is no share, or was mistyped.</exception>
    public static RootKeyShare Parse(string text, string name)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != Fields.Length + 1 || lines[0] != Heading) throw new HsmSetupException($"'{name}' is no root key share: its first line is '{Heading}', and {Fields.Length} lines follow.");
        var values = new string[Fields.Length];
        for (var i = 0; i < Fields.Length; i++)
        {
            var parts = lines[i + 1].Split(':', 2);
            if (parts.Length != 2 || parts[0].Trim() != Fields[i]) throw new HsmSetupException($"'{name}' lacks the line '{Fields[i]}: ...', which is number {i + 2}.");
            values[i] = parts[1].Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        }
        return Read(values) ?? throw new HsmSetupException($"'{name}' was mistyped or damaged: its checksum does not fit. Compare it with the original, letter by letter.");
    }

    /// <summary>The text, with the share's secret in it; the caller wipes it.</summary>
    public byte[] ToText() => Encoding.ASCII.GetBytes($"{Body(Value)}checksum: {Groups(Convert.ToHexString(Checksum()))}\n");

    public void Dispose() => CryptographicOperations.ZeroMemory(Value);

    private static RootKeyShare? Read(string[] values)
    {
        const string Prefix = "KMS-ROOT-";
        if (!values[0].StartsWith(Prefix, StringComparison.Ordinal) || !TryNumber(values[0][Prefix.Length..], out var version)) return null;
        if (values[1].Length != 16 || !TryNumber(values[2], out var number) || number > SecretSharing.MaxShares || !TryNumber(values[3], out var threshold)) return null;
        byte[] value, checksum;
        try { (value, checksum) = (Convert.FromHexString(values[4]), Convert.FromHexString(values[5])); }
        catch (FormatException) { return null; }
        var share = new RootKeyShare(version, values[1], number, threshold, value);
        if (value.Length == TransferKey.Length && CryptographicOperations.FixedTimeEquals(share.Checksum(), checksum)) return share;
        share.Dispose();
        return null;
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    private byte[] Checksum() => SHA256.HashData(Encoding.ASCII.GetBytes(Body(Value)))[..ChecksumBytes];

    private string Body(byte[] value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Heading}\nroot key: {KeyTemplate.RootKeyLabel(RootKeyVersion)}\nexport: {ExportId}\nshare: {Number}\nthreshold: {Threshold}\nvalue: {Groups(Convert.ToHexString(value))}\n");

    private static string Groups(string digits) => string.Join(' ', digits.Chunk(GroupDigits).Select(group => new string(group)));
}
