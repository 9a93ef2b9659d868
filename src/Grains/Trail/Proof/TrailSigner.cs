using System.Formats.Asn1;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>Signs with <see cref="TrailKey"/>, which it makes if there is none.</summary>
internal sealed class TrailSigner(IGrainFactory grains, SiloPass pass, TokenCapabilities token, IOptions<KmsOptions> options)
{
    private const int NumberLength = SignedCheckpoint.SignatureLength / 2;

    // Without a token that signs, the key is sealed as all keys of that level are.
    private ProtectionLevel Level => options.Value.HasToken && token.Offers(KeySpec.EcP256, SigningAlgorithm.EcdsaSha256) ? ProtectionLevel.Hsm : ProtectionLevel.Software;

    /// <summary>Signs a checkpoint.</summary>
    /// <exception cref="KmsException">The token or grain storage does not answer.</exception>
    public async Task<(SignedCheckpoint Checkpoint, byte[] PublicKey)> Sign(TrailCheckpoint checkpoint)
    {
        var body = checkpoint.ToBytes();
        var signed = await WithKey(key => key.SignWithNewest(SHA256.HashData(body)));
        return (new(body, Fixed(signed.Signature)), signed.PublicKey);
    }

    /// <summary>The public key, SubjectPublicKeyInfo in DER.</summary>
    /// <exception cref="KmsException">The token or grain storage does not answer.</exception>
    public Task<byte[]> PublicKey() => WithKey(static key => key.NewestPublicKey());

    private async Task<T> WithKey<T>(Func<IKeyServiceGrain, Task<T>> use)
    {
        pass.Attach();
        var key = grains.GetGrain<IKeyServiceGrain>(TrailKey.GrainKey);
        try { return await use(key); }
        catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound) { }
        try { await key.Create(TrailKey.Settings(Level)); }
        // Another silo made it in between.
        catch (InvalidOperationException) { }
        return await use(key);
    }

    // The two numbers of a DER sequence, each with as many bytes as a number of the curve.
    private static byte[] Fixed(byte[] signature)
    {
        var numbers = new AsnReader(signature, AsnEncodingRules.DER).ReadSequence();
        var bytes = new byte[SignedCheckpoint.SignatureLength];
        for (var end = NumberLength; end <= bytes.Length; end += NumberLength)
        {
            var number = numbers.ReadIntegerBytes().Span.TrimStart((byte)0);
            number.CopyTo(bytes.AsSpan(end - number.Length));
        }
        return bytes;
    }
}
