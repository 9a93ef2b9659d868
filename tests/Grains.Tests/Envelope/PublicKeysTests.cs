using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Envelope;

public sealed class PublicKeysTests
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private const string P256 = "1.2.840.10045.3.1.7";

    private static readonly BigInteger Modulus = (BigInteger.One << 2047) + 1;

    [Fact]
    public async Task Key_of_one_spec_is_none_of_another()
    {
        foreach (var spec in Enum.GetValues<KeySpec>().Where(spec => !spec.IsSymmetric() && spec != KeySpec.Rsa4096))
        {
            var key = (await SoftwareKeyPair.Generate(spec)).PublicKey;
            foreach (var other in Enum.GetValues<KeySpec>().Where(spec => !spec.IsSymmetric())) Assert.Equal(spec == other, PublicKeyInfo.IsValid(other, key));
            Assert.False(PublicKeyInfo.IsValid(spec, [.. key, 0]));
            for (var length = 0; length < key.Length; length++) Assert.False(PublicKeyInfo.IsValid(spec, key[..length]));
        }
    }

    [Fact]
    public void Rsa_modulus_has_exactly_its_size_and_is_odd()
    {
        AssertRsa(true, Modulus, 65537);
        AssertRsa(false, Modulus >> 1 | 1, 65537);
        AssertRsa(false, Modulus << 1 | 1, 65537);
        AssertRsa(false, Modulus + 1, 65537);
        AssertRsa(false, -Modulus, 65537);
        AssertRsa(false, 0, 65537);
    }

    [Fact]
    public void Rsa_exponent_is_odd_and_neither_tiny_nor_huge()
    {
        foreach (var good in new BigInteger[] { 3, 17, 65537, ulong.MaxValue }) AssertRsa(true, Modulus, good);
        foreach (var bad in new BigInteger[] { -3, -1, 0, 1, 2, 4, 65536, ((BigInteger)ulong.MaxValue) + 2, BigInteger.One << 300 | 1 }) AssertRsa(false, Modulus, bad);
    }

    [Fact]
    public void Other_rsa_structures_are_refused()
    {
        var numbers = Numbers(Modulus, 65537);
        Assert.True(PublicKeyInfo.IsValid(KeySpec.Rsa2048, Info(Rsa, writer => writer.WriteNull(), numbers)));
        Assert.False(PublicKeyInfo.IsValid(KeySpec.Rsa2048, Info(Rsa, _ => { }, numbers)));
        Assert.False(PublicKeyInfo.IsValid(KeySpec.Rsa2048, Info("1.2.840.113549.1.1.10", writer => writer.WriteNull(), numbers)));
        Assert.False(PublicKeyInfo.IsValid(KeySpec.Rsa2048, Info(Rsa, writer => writer.WriteNull(), [.. numbers, 0])));
        Assert.False(PublicKeyInfo.IsValid(KeySpec.Rsa2048, Info(Rsa, writer => writer.WriteNull(), Numbers(Modulus, 65537, 1))));
        Assert.False(PublicKeyInfo.IsValid(KeySpec.Rsa2048, numbers));
    }

    [Fact]
    public void Ec_point_is_uncompressed_and_on_the_curve()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var q = ec.ExportParameters(false).Q;
        byte[] point = [4, .. q.X!, .. q.Y!];
        Assert.True(IsPoint(point));
        Assert.False(IsPoint([.. point[..^1], (byte)(point[^1] ^ 1)]));
        Assert.False(IsPoint([(byte)(2 + (q.Y![^1] & 1)), .. q.X!]));
        Assert.False(IsPoint([(byte)(6 + (q.Y![^1] & 1)), .. point[1..]]));
        Assert.False(IsPoint([4, .. new byte[64]]));
        Assert.False(IsPoint([0]));
        Assert.False(IsPoint([4, .. Enumerable.Repeat((byte)0xff, 64)]));
        Assert.False(PublicKeyInfo.IsValid(KeySpec.EcP256, Info(Ec, writer => writer.WriteNull(), point)));
        Assert.False(PublicKeyInfo.IsValid(KeySpec.EcP256, Info(Rsa, writer => writer.WriteObjectIdentifier(P256), point)));
    }

    [Fact]
    public void A_bad_key_is_a_bad_parameter()
    {
        var error = Assert.Throws<KmsException>(() => PublicKeys.Check(KeySpec.Rsa2048, [1, 2, 3], "PublicKeyBlob"));
        Assert.Equal((KmsErrorCode.InvalidParameter, "The specified parameter PublicKeyBlob is not valid."), (error.Code, error.Message));
    }

    [Theory, InlineData(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha256, 190), InlineData(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha1, 214)]
    [InlineData(KeySpec.EcSm2, EncryptionAlgorithm.Sm2Pke, 6047)]
    public async Task Plaintext_has_the_documented_length(KeySpec spec, EncryptionAlgorithm algorithm, int longest)
    {
        var key = (await SoftwareKeyPair.Generate(spec)).PublicKey;
        Assert.Equal(spec.IsRsa() ? 256 : 6144, PublicKeys.Encrypt(spec, key, algorithm, new byte[longest]).Length);
        foreach (var length in new[] { 0, longest + 1 })
        {
            var error = Assert.Throws<KmsException>(() => PublicKeys.Encrypt(spec, key, algorithm, new byte[length]));
            Assert.Equal(KmsException.InvalidParameter("Plaintext").Message, error.Message);
        }
    }

    [Fact]
    public async Task Algorithm_of_another_spec_is_refused()
    {
        var key = (await SoftwareKeyPair.Generate(KeySpec.EcP256)).PublicKey;
        var errors = new[]
        {
            Assert.Throws<KmsException>(() => PublicKeys.Encrypt(KeySpec.EcP256, key, EncryptionAlgorithm.Sm2Pke, [1])),
            Assert.Throws<KmsException>(() => PublicKeys.Verify(KeySpec.EcP256, key, SigningAlgorithm.Sm2Dsa, new byte[32], [1])),
        };
        Assert.All(errors, error => Assert.Equal(KmsException.InvalidParameter("Algorithm").Message, error.Message));
    }

    private static void AssertRsa(bool expected, BigInteger modulus, BigInteger exponent) =>
        Assert.Equal(expected, PublicKeyInfo.IsValid(KeySpec.Rsa2048, Info(Rsa, writer => writer.WriteNull(), Numbers(modulus, exponent))));

    private static bool IsPoint(byte[] point) => PublicKeyInfo.IsValid(KeySpec.EcP256, Info(Ec, writer => writer.WriteObjectIdentifier(P256), point));

    private static byte[] Numbers(params BigInteger[] numbers)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var number in numbers) writer.WriteInteger(number);
        }
        return writer.Encode();
    }

    private static byte[] Info(string algorithm, Action<AsnWriter> parameters, byte[] key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
                parameters(writer);
            }
            writer.WriteBitString(key);
        }
        return writer.Encode();
    }
}
