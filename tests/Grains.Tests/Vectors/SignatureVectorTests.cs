using System.Security.Cryptography;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;
using static Orleans.Kms.Grains.Tests.Vectors.VectorFile;

namespace Orleans.Kms.Grains.Tests.Vectors;

public sealed class SignatureVectorTests
{
    private static readonly string[] Files =
    [
        "pss-rsa2048.json", "pss-rsa3072.json", "pss-rsa4096.json", "pkcs1-rsa2048.json", "pkcs1-rsa3072.json", "pkcs1-rsa4096.json",
        "ecdsa-ecp256.json", "ecdsa-ecp256k.json",
    ];

    public sealed record Suite(string Source, string Spec, string Algorithm, string[] Keys, Row[] Rows);

    public sealed record Row(int Id, string Comment, int Key, string Message, string Signature, bool IsValid);

    public sealed record Vector(KeySpec Spec, SigningAlgorithm Algorithm, string Key, Row Row)
    {
        public override string ToString() => $"{Spec} {Algorithm} {Row.Id}: {Row.Comment}";
    }

    public static TheoryData<Vector> Cases => [.. Files.Select(file => Read<Suite>(file)).SelectMany(suite => suite.Rows.Select(row =>
        new Vector(Enum.Parse<KeySpec>(suite.Spec), Enum.Parse<SigningAlgorithm>(suite.Algorithm), suite.Keys[row.Key], row)))];

    [Theory, MemberData(nameof(Cases))]
    public void Signature_is_judged_as_published(Vector vector)
    {
        var key = Hex(vector.Key);
        PublicKeys.Check(vector.Spec, key, "PublicKeyBlob");
        Assert.Equal(vector.Row.IsValid, PublicKeys.Verify(vector.Spec, key, vector.Algorithm, SHA256.HashData(Hex(vector.Row.Message)), Hex(vector.Row.Signature)));
    }
}
