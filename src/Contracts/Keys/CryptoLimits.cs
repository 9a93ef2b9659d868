using System.Buffers.Text;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>Sizes that the API documents for cryptographic calls.</summary>
public static class CryptoLimits
{
    /// <summary>The most data that Encrypt takes, in bytes, counted after Base64 decoding where the text is Base64.</summary>
    public const int MaxDataBytes = 6144;

    /// <summary>The longest Plaintext text: <see cref="MaxDataBytes"/> in Base64.</summary>
    public const int MaxPlaintextBytes = MaxDataBytes / 3 * 4;

    /// <summary>The longest data key, in bytes.</summary>
    public const int MaxDataKeyBytes = 1024;

    /// <summary>Refuses a Plaintext that is empty or too long.</summary>
    /// <param name="plaintext">
    /// The caller's text as UTF-8. The API documents Base64, and counts its 6 KB on the decoded bytes; any other text is taken as it is and counted as it is.
    /// </param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>.</exception>
    public static void CheckPlaintext(ReadOnlySpan<byte> plaintext)
    {
        var fits = plaintext.Length is > 0 and <= MaxDataBytes
            || (plaintext.Length <= MaxPlaintextBytes && Base64.IsValid(plaintext, out var decoded) && decoded <= MaxDataBytes);
        if (!fits || plaintext.IsEmpty) throw KmsException.InvalidParameter("Plaintext");
    }

    /// <summary>Refuses a data key of no or too many bytes.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>.</exception>
    public static void CheckDataKeyLength(int numberOfBytes)
    {
        if (numberOfBytes is < 1 or > MaxDataKeyBytes) throw KmsException.InvalidParameter("NumberOfBytes");
    }
}
