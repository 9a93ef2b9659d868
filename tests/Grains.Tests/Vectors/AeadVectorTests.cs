using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Org.BouncyCastle.Crypto.Parameters;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Tests.Hsm;
using static Orleans.Kms.Grains.Tests.Vectors.VectorFile;

namespace Orleans.Kms.Grains.Tests.Vectors;

/// <summary>The ciphers below the envelope: what each level uses for AES-256-GCM, and SM4-GCM.</summary>
[Collection(TokenTests.Name)]
public sealed class AeadVectorTests(TokenFixture token)
{
    public sealed record Suite(string Source, Row[] Rows);

    public sealed record Row(int Id, string Comment, string Key, string Iv, string Aad, string Plaintext, string Ciphertext, bool IsValid)
    {
        public override string ToString() => $"{Id}: {Comment}";
    }

    public static TheoryData<Row> Aes => [.. Read<Suite>("aes-256-gcm.json").Rows];

    public static TheoryData<Row> Sm4 => [.. Read<Suite>("sm4-gcm.json").Rows, .. Read<Suite>("sm4-gcm-rfc8998.json").Rows];

    [Theory, MemberData(nameof(Aes))]
    public void Aes_in_software(Row row)
    {
        using var aes = new AesGcm(Hex(row.Key), 16);
        var sealedBytes = Hex(row.Ciphertext);
        var plaintext = new byte[sealedBytes.Length - 16];
        Action decrypt = () => aes.Decrypt(Hex(row.Iv), sealedBytes.AsSpan(..^16), sealedBytes.AsSpan(^16..), plaintext, Hex(row.Aad));
        if (row.IsValid) decrypt();
        else Assert.Throws<AuthenticationTagMismatchException>(decrypt);
        if (row.IsValid) Assert.Equal(row.Plaintext, Convert.ToHexStringLower(plaintext));
    }

    [Theory, MemberData(nameof(Aes))]
    public void Aes_in_the_token(Row row) => TokenObjects.Look(token.Options, session =>
    {
        using var template = KeyTemplate.KeyInUse();
        using var value = KeyTemplate.Of(CKA.CKA_VALUE, Hex(row.Key));
        var key = session.CreateObject([.. template.Attributes, value]);
        var opened = GcmCipher.TryDecrypt(TokenObjects.Module.Cryptoki, session, key, Hex(row.Iv), Hex(row.Aad), Hex(row.Ciphertext));
        Assert.Equal(row.IsValid ? row.Plaintext : null, opened is null ? null : Convert.ToHexStringLower(opened));
        if (row.IsValid) Assert.Equal(row.Ciphertext, Convert.ToHexStringLower(GcmCipher.Encrypt(TokenObjects.Module.Cryptoki, session, key, Hex(row.Iv), Hex(row.Aad), Hex(row.Plaintext))));
        return true;
    });

    [Theory, MemberData(nameof(Sm4))]
    public void Sm4_in_software(Row row)
    {
        var (key, iv, aad, plaintext, sealedBytes) = (new KeyParameter(Hex(row.Key)), Hex(row.Iv), Hex(row.Aad), Hex(row.Plaintext), Hex(row.Ciphertext));
        Assert.Equal(row.IsValid ? plaintext : null, Sm4Gcm.TryDecrypt(key, iv, aad, sealedBytes));
        if (!row.IsValid) return;
        var written = new byte[sealedBytes.Length];
        Sm4Gcm.Encrypt(key, iv, aad, plaintext, written);
        Assert.Equal(sealedBytes, written);
    }
}
