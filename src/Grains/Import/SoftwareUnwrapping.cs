using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Import;

/// <summary>Unwraps material in this process.</summary>
internal static class SoftwareUnwrapping
{
    /// <summary>What was encrypted to the wrapping key, or null if nothing was. The caller wipes it.</summary>
    /// <param name="wrappingKeySpec">RSA_2048 or EC_SM2.</param>
    /// <param name="algorithm">One that fits it.</param>
    /// <param name="pkcs8">The private key.</param>
    /// <param name="encrypted">Anything.</param>
    public static byte[]? TryUnwrap(KeySpec wrappingKeySpec, WrappingAlgorithm algorithm, byte[] pkcs8, byte[] encrypted)
    {
        if (wrappingKeySpec == KeySpec.EcSm2) return TryUnwrapSm2(pkcs8, encrypted);
        if (encrypted.Length != wrappingKeySpec.ModulusBytes()) return null;
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        try { return rsa.Decrypt(encrypted, algorithm.Padding()); }
        catch (CryptographicException) { return null; }
    }

    private static byte[]? TryUnwrapSm2(byte[] pkcs8, byte[] encrypted)
    {
        if (encrypted.Length <= AsymmetricAlgorithms.Sm2CiphertextOverhead) return null;
        var key = (ECPrivateKeyParameters)PrivateKeyFactory.CreateKey(pkcs8);
        return Sm2.TryDecrypt(new ECPrivateKeyParameters(key.D, Sm2.Curve), encrypted);
    }
}
