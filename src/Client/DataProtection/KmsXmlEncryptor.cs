using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Orleans.Kms.Client.DataProtection;

/// <summary>Encrypts keys of the key ring under a CMK.</summary>
internal sealed class KmsXmlEncryptor(KeyRingEnvelope envelope) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        ArgumentNullException.ThrowIfNull(plaintextElement);
        var plaintext = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        try { return new(new XElement(KmsXmlDecryptor.ElementName, Convert.ToBase64String(envelope.Seal(plaintext))), typeof(KmsXmlDecryptor)); }
        finally { CryptographicOperations.ZeroMemory(plaintext); }
    }
}
