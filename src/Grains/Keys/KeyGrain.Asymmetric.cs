using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <content>
/// Asymmetric cryptography. What needs the public key alone is done here at both protection levels, as every holder of that key could; but nothing is encrypted that the
/// token could not decrypt.
/// </content>
internal sealed partial class KeyGrain
{
    private readonly Dictionary<Guid, byte[]> _publicKeys = [];

    public ValueTask<byte[]> GetPublicKey(Guid versionId)
    {
        var (record, version) = RequireVersion(KeyOperation.GetPublicKey, versionId);
        return PublicKey(record, version);
    }

    public async ValueTask<byte[]> Sign(Guid versionId, SigningAlgorithm algorithm, byte[] digest)
    {
        var (record, _) = RequireVersion(KeyOperation.AsymmetricSign, versionId);
        Check(record, algorithm, digest);
        return await Use(KeyOperation.AsymmetricSign, versionId, material => material.Sign(algorithm, digest));
    }

    public async Task<byte[]> NewestPublicKey()
    {
        var record = RequireRecord(KeyOperation.GetPublicKey);
        return await PublicKey(record, record.Primary());
    }

    public async Task<NewestSignature> SignWithNewest(byte[] digest)
    {
        var record = RequireRecord(KeyOperation.AsymmetricSign);
        return new(await PublicKey(record, record.Primary()), await Sign(record.Primary().Id, SigningAlgorithm.EcdsaSha256, digest));
    }

    public async ValueTask<bool> Verify(Guid versionId, SigningAlgorithm algorithm, byte[] digest, byte[] signature)
    {
        var (record, version) = RequireVersion(KeyOperation.AsymmetricVerify, versionId);
        Check(record, algorithm, digest);
        if (signature is not { Length: <= AsymmetricAlgorithms.MaxSignatureBytes }) return false;
        var publicKey = await PublicKey(record, version);
        return await CoreShare.Calculate(record.Spec, () => PublicKeys.Verify(record.Spec, publicKey, algorithm, digest, signature));
    }

    public async ValueTask<byte[]> Encrypt(Guid versionId, EncryptionAlgorithm algorithm, byte[] plaintext)
    {
        var (record, version) = RequireVersion(KeyOperation.AsymmetricEncrypt, versionId);
        Check(record, algorithm, "Algorithm");
        if (plaintext is not { Length: >= 1 } || plaintext.Length > algorithm.MaxPlaintextBytes(record.Spec)) throw KmsException.InvalidParameter("Plaintext");
        var publicKey = await PublicKey(record, version);
        return await CoreShare.Calculate(record.Spec, () => PublicKeys.Encrypt(record.Spec, publicKey, algorithm, plaintext));
    }

    public async ValueTask<DecryptResult> Decrypt(Guid versionId, EncryptionAlgorithm algorithm, byte[] ciphertext) =>
        new(versionId, await Open(KeyOperation.AsymmetricDecrypt, versionId, algorithm, "Algorithm", ciphertext));

    public async ValueTask<EncryptResult> ReEncryptAsymmetric(
        Guid versionId, EncryptionAlgorithm algorithm, byte[] ciphertext, Guid destination, EncryptionContext destinationContext)
    {
        if (Existing().Spec.IsSymmetric()) throw new KmsException(KmsErrorCode.UnsupportedOperation);
        var plaintext = await Open(KeyOperation.ReEncrypt, versionId, algorithm, "SourceEncryptionAlgorithm", ciphertext);
        // No blob holds nothing.
        if (plaintext.Length == 0) throw KmsException.BadCiphertext();
        // As AsymmetricDecrypt would have answered it: what Decrypt will hand out has to be text.
        var text = DataKeyText(plaintext);
        try
        {
            return new(versionId, await EncryptUnder(destination, text, destinationContext));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private async ValueTask<byte[]> Open(KeyOperation operation, Guid versionId, EncryptionAlgorithm algorithm, string parameter, byte[] ciphertext)
    {
        var (record, _) = RequireVersion(operation, versionId);
        Check(record, algorithm, parameter);
        return await Use(operation, versionId, material => material.Decrypt(algorithm, ciphertext));
    }

    private async ValueTask<byte[]> Use(KeyOperation operation, Guid versionId, Func<AsymmetricMaterial, ValueTask<byte[]>> use)
    {
        while (true)
        {
            var (_, version) = RequireVersion(operation, versionId);
            if (!_materials.TryGetValue(versionId, out var material))
            {
                await OpenMaterial(version);
                continue;
            }
            try { return await use((AsymmetricMaterial)material); }
            // The key was taken out of use meanwhile, whatever the failure looks like: its state says now what the caller is told.
            catch (Exception) when (!_materials.TryGetValue(versionId, out var inUse) || inUse != material) { }
        }
    }

    private async ValueTask<byte[]> PublicKey(KeyRecord record, KeyVersionRecord version)
    {
        if (_publicKeys.TryGetValue(version.Id, out var known)) return known;
        return _publicKeys[version.Id] = await storedMaterial.OpenPublicKey(_grainKey, version.Id, record.Spec, record.Usage, record.ProtectionLevel, version.PublicKey!);
    }

    // The version before kind and state: the documented order of errors is existence first.
    private (KeyRecord Record, KeyVersionRecord Version) RequireVersion(KeyOperation operation, Guid versionId)
    {
        var record = Existing();
        var version = record.Version(versionId) ?? throw new KmsException(KmsErrorCode.KeyVersionNotFound);
        return (Fit(operation, record), version);
    }

    private void Check(KeyRecord record, SigningAlgorithm algorithm, byte[] digest)
    {
        if (!algorithm.Fits(record.Spec)) throw KmsException.InvalidParameter("Algorithm");
        if (digest is not { Length: AsymmetricAlgorithms.DigestBytes }) throw KmsException.InvalidParameter("Digest");
        if (record.ProtectionLevel == ProtectionLevel.Hsm) token.Require(record.Spec, algorithm);
    }

    private void Check(KeyRecord record, EncryptionAlgorithm algorithm, string parameter)
    {
        if (!algorithm.Fits(record.Spec)) throw KmsException.InvalidParameter(parameter);
        if (record.ProtectionLevel == ProtectionLevel.Hsm) token.Require(record.Spec, algorithm);
    }
}
