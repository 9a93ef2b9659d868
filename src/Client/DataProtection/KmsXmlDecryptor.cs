using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Client.DataProtection;

/// <summary>
/// Decrypts keys of the key ring. Data Protection finds it by its name in the stored key, so the name stays, and makes it itself: the application needs
/// <see cref="DataProtectionServices.ProtectKeysWithKms"/> to read its key ring, too.
/// </summary>
/// <param name="services">The application's services.</param>
public sealed class KmsXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    internal const string ElementName = "kmsSealedKey";

    /// <inheritdoc/>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>, whatever is wrong with the element; otherwise why the service refused.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        ArgumentNullException.ThrowIfNull(encryptedElement);
        var text = encryptedElement.Value;
        var blob = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, blob, out var length)) throw KmsException.BadCiphertext();
        var plaintext = services.GetRequiredService<KeyRingEnvelope>().Open(blob[..length]);
        try { return XElement.Parse(Encoding.UTF8.GetString(plaintext)); }
        finally { CryptographicOperations.ZeroMemory(plaintext); }
    }
}
