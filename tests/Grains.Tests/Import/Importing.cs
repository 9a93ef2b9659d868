using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Import;

/// <summary>What a user does who brings material of their own.</summary>
public abstract class Importing
{
    private protected abstract TestKms Kms { get; }

    private protected static async Task Refused(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);

    /// <summary>Decrypts as the user would who has nothing but the material.</summary>
    private protected static byte[] OpenOutside(byte[] material, byte[] blob, EncryptionContext context)
    {
        var aad = new byte[CiphertextBlob.HeaderLength + context.CanonicalLength];
        CiphertextBlob.Header(blob).CopyTo(aad);
        context.WriteCanonical(aad.AsSpan(CiphertextBlob.HeaderLength));
        var plaintext = new byte[blob.Length - CiphertextBlob.Overhead];
        using var aes = new AesGcm(material, CiphertextBlob.TagLength);
        aes.Decrypt(CiphertextBlob.Iv(blob), blob.AsSpan(CiphertextBlob.HeaderLength..^CiphertextBlob.TagLength), blob.AsSpan(^CiphertextBlob.TagLength..), plaintext, aad);
        return plaintext;
    }

    private protected static byte[] Wrap(ImportParameters parameters, byte[] material, WrappingAlgorithm algorithm) => algorithm == WrappingAlgorithm.Sm2Pke
        ? PublicKeys.Encrypt(KeySpec.EcSm2, parameters.PublicKey, EncryptionAlgorithm.Sm2Pke, material)
        : WrapRsa(parameters, material, algorithm);

    private protected static byte[] WrapRsa(ImportParameters parameters, byte[] material, WrappingAlgorithm algorithm)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(parameters.PublicKey, out _);
        return rsa.Encrypt(material, algorithm.Padding());
    }

    private protected Task Import(Guid id, ImportParameters parameters, byte[] material, WrappingAlgorithm algorithm = WrappingAlgorithm.RsaesOaepSha1) =>
        Kms.Import(id).Import(parameters.ImportToken, Wrap(parameters, material, algorithm), null);

    private protected async Task Import(
        Guid id, byte[] material, WrappingAlgorithm algorithm = WrappingAlgorithm.RsaesOaepSha1, KeySpec wrappingKeySpec = KeySpec.Rsa2048, DateTimeOffset? expiresAt = null)
    {
        var parameters = await Kms.Import(id).GetParameters(algorithm, wrappingKeySpec);
        await Kms.Import(id).Import(parameters.ImportToken, Wrap(parameters, material, algorithm), expiresAt);
    }

    // Not asynchronous, for the calls that follow are signed in by it.
    private protected Task<Guid> CreateKey(ProtectionLevel level, KeySpec spec = KeySpec.Aes256)
    {
        Kms.SignIn();
        return Create();

        async Task<Guid> Create() => (await Kms.Directory().CreateKey(new(spec, KeyUsage.EncryptDecrypt, KeyOrigin.External, level, "imported"))).KeyId;
    }
}
