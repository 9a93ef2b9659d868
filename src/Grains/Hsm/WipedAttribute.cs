using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI80;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>An attribute with a secret value, whose unmanaged copy is wiped before its memory is given back. Of the struct layout of 64-bit Unix, the only platform of the service.</summary>
internal sealed class WipedAttribute(CKA type, byte[] value) : ObjectAttribute(type, value)
{
    protected override unsafe void Dispose(bool disposing)
    {
        if (_ckAttribute.value != 0) CryptographicOperations.ZeroMemory(new Span<byte>((void*)_ckAttribute.value, checked((int)_ckAttribute.valueLen)));
        base.Dispose(disposing);
    }
}
