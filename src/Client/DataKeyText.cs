using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Client;

/// <summary>The service gives data keys as Base64 text, as the HTTP API documents it.</summary>
internal static class DataKeyText
{
    /// <summary>The data key's bytes. Wipes <paramref name="text"/>.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>: what was encrypted is no data key.</exception>
    public static byte[] Decode(byte[] text)
    {
        try
        {
            if (!Base64.IsValid(text, out var length)) throw KmsException.BadCiphertext();
            var key = new byte[length];
            return Base64.DecodeFromUtf8(text, key, out _, out var written) == OperationStatus.Done && written == length ? key : throw KmsException.BadCiphertext();
        }
        finally { CryptographicOperations.ZeroMemory(text); }
    }
}
