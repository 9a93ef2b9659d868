using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>A root key on its way to another token; the content of an export file. Worth nothing without as many shares as the threshold says.</summary>
/// <param name="Format">1.</param>
/// <param name="RootKeyVersion">Which root key.</param>
/// <param name="Id">16 hexadecimal digits, which its shares carry, too.</param>
/// <param name="Shares">How many shares were made.</param>
/// <param name="Threshold">How many recover the transfer key.</param>
/// <param name="Wrapped">The root key under the transfer key (CKM_AES_KEY_WRAP_PAD).</param>
/// <param name="CheckKey">A random AES key wrapped under the root key.</param>
/// <param name="CheckText">IV, ciphertext and tag of a known text under the check key: what opens it is the right root key.</param>
internal sealed partial record RootKeyExport(int Format, int RootKeyVersion, string Id, int Shares, int Threshold, byte[] Wrapped, byte[] CheckKey, byte[] CheckText)
{
    public const int CurrentFormat = 1;

    // What wraps 32 bytes.
    private const int WrappedBytes = 40;
    private const int IdDigits = 16;

    /// <summary>Reads an export file.</summary>
    /// <exception cref="HsmSetupException">It cannot be read, or is none.</exception>
    public static RootKeyExport Read(string path)
    {
        try
        {
            var export = JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.RootKeyExport);
            if (export is { Format: > CurrentFormat }) throw new HsmSetupException($"'{path}' was written by a newer version of Orleans.Kms; use that version.");
            if (export is { Format: CurrentFormat, RootKeyVersion: > 0, Id.Length: IdDigits, Threshold: > 1, Wrapped.Length: WrappedBytes, CheckKey.Length: WrappedBytes, CheckText: not null } && export.CheckText.Length == RootKeyTransfer.CheckBytes) return export;
        }
        catch (JsonException) { }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HsmSetupException($"'{path}' cannot be read ({e.GetType().Name}).", e);
        }
        throw new HsmSetupException($"'{path}' is no root key export, or damaged.");
    }

    /// <summary>Writes a file that only its owner reads; whole or not at all.</summary>
    public void Write(string path) => SecretFile.Write(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, Json.Default.RootKeyExport), (byte)'\n']);

    public override string ToString() => $"export {Id} of {KeyTemplate.RootKeyLabel(RootKeyVersion)}";

    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(RootKeyExport))]
    private sealed partial class Json : JsonSerializerContext;
}
