using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;
using static Orleans.Kms.Grains.Tests.Vectors.VectorFile;

namespace Orleans.Kms.Grains.Tests.Vectors;

public sealed class Sm2VectorTests
{
    public sealed record Suite(SignatureRow[] Signatures, CiphertextRow[] Ciphertexts);

    public sealed record SignatureRow(string Comment, string PrivateKey, string PublicKey, string? Nonce, string Digest, string Signature)
    {
        public override string ToString() => Comment;
    }

    public sealed record CiphertextRow(string Comment, string PrivateKey, string PublicKey, string? Nonce, string Plaintext, string Ciphertext)
    {
        public override string ToString() => Comment;
    }

    public static TheoryData<SignatureRow> Signatures => [.. Read<Suite>("sm2.json").Signatures];

    public static TheoryData<CiphertextRow> Ciphertexts => [.. Read<Suite>("sm2.json").Ciphertexts];

    [Theory, MemberData(nameof(Signatures))]
    public void Signature_verifies_and_is_made_again_from_its_nonce(SignatureRow row)
    {
        var (spki, digest, signature) = (Spki(row.PublicKey), Hex(row.Digest), Hex(row.Signature));
        Assert.True(PublicKeys.Verify(KeySpec.EcSm2, spki, SigningAlgorithm.Sm2Dsa, digest, signature));
        if (row.Nonce is not null) Assert.Equal(signature, Sm2.Sign(Private(row.PrivateKey), digest, new FixedRandom(Hex(row.Nonce))));
        digest[^1] ^= 1;
        Assert.False(PublicKeys.Verify(KeySpec.EcSm2, spki, SigningAlgorithm.Sm2Dsa, digest, signature));
    }

    [Theory, MemberData(nameof(Ciphertexts))]
    public void Ciphertext_opens_and_is_made_again_from_its_nonce(CiphertextRow row)
    {
        var ciphertext = Hex(row.Ciphertext);
        Assert.Equal(Hex(row.Plaintext), Sm2.TryDecrypt(Private(row.PrivateKey), ciphertext));
        if (row.Nonce is not null) Assert.Equal(ciphertext, Sm2.Encrypt(Public(row.PublicKey), Hex(row.Plaintext), new FixedRandom(Hex(row.Nonce))));
    }

    private static ECPrivateKeyParameters Private(string scalar) => new(new BigInteger(1, Hex(scalar)), Sm2.Curve);

    private static ECPublicKeyParameters Public(string point) => new(Sm2.Curve.Curve.DecodePoint(Hex(point)), Sm2.Curve);

    private static byte[] Spki(string point) => SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(Public(point)).GetDerEncoded();
}
