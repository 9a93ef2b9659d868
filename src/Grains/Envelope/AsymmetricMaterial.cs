using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>The private key of one version of an asymmetric CMK. What its public key does is in <see cref="PublicKeys"/>.</summary>
internal abstract class AsymmetricMaterial(Guid keyVersionId, KeySpec spec, KeyUsage usage) : KeyMaterial(keyVersionId)
{
    /// <summary>Signs a digest of <see cref="AsymmetricAlgorithms.DigestBytes"/> bytes.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.UnsupportedOperation"/>: the usage excludes it, or the token lacks it. <see cref="KmsErrorCode.InvalidParameter"/>: the algorithm does
    /// not fit the spec, or the digest is of another length.
    /// </exception>
    public ValueTask<byte[]> Sign(SigningAlgorithm algorithm, byte[] digest)
    {
        Require(KeyUsage.SignVerify);
        if (!algorithm.Fits(spec)) throw KmsException.InvalidParameter("Algorithm");
        if (digest.Length != AsymmetricAlgorithms.DigestBytes) throw KmsException.InvalidParameter("Digest");
        return SignDigest(algorithm, digest);
    }

    /// <summary>Undoes <see cref="PublicKeys.Encrypt"/>. The caller owns the plaintext and wipes it.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsException.BadCiphertext"/> whatever is wrong with the ciphertext; otherwise as for <see cref="Sign"/>.
    /// </exception>
    public ValueTask<byte[]> Decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext)
    {
        Require(KeyUsage.EncryptDecrypt);
        if (!algorithm.Fits(spec)) throw KmsException.InvalidParameter("Algorithm");
        return ciphertext is not null && HasLength(ciphertext) ? Open(algorithm, ciphertext) : throw KmsException.BadCiphertext();
    }

    /// <summary>Signs; algorithm and length are right.</summary>
    protected abstract ValueTask<byte[]> SignDigest(SigningAlgorithm algorithm, byte[] digest);

    /// <summary>Decrypts; algorithm and length are right.</summary>
    protected abstract ValueTask<byte[]> Open(EncryptionAlgorithm algorithm, byte[] ciphertext);

    private void Require(KeyUsage wanted)
    {
        if (usage != wanted) throw new KmsException(KmsErrorCode.UnsupportedOperation);
    }

    private bool HasLength(byte[] ciphertext) => spec.IsRsa()
        ? ciphertext.Length == spec.ModulusBytes()
        : ciphertext.Length is > AsymmetricAlgorithms.Sm2CiphertextOverhead and <= AsymmetricAlgorithms.Sm2CiphertextOverhead + AsymmetricAlgorithms.MaxSm2PlaintextBytes;
}
