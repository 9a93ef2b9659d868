using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;
using static Orleans.Kms.Grains.Tests.Vectors.VectorFile;

namespace Orleans.Kms.Grains.Tests.Vectors;

public sealed class OaepVectorTests
{
    public sealed record Suite(string Source, string Spec, string Algorithm, string PrivateKey, Row[] Rows);

    public sealed record Row(int Id, string Comment, string Plaintext, string Ciphertext, bool IsValid);

    public sealed record Vector(Suite Suite, Row Row)
    {
        public override string ToString() => $"{Suite.Algorithm} {Row.Id}: {Row.Comment}";
    }

    public static TheoryData<Vector> Cases =>
        [.. new[] { "oaep-sha1.json", "oaep-sha256.json" }.Select(file => Read<Suite>(file)).SelectMany(suite => suite.Rows.Select(row => new Vector(suite, row)))];

    [Theory, MemberData(nameof(Cases))]
    public async Task Ciphertext_is_judged_as_published(Vector vector)
    {
        var algorithm = Enum.Parse<EncryptionAlgorithm>(vector.Suite.Algorithm);
        using var material = new SoftwareRsaMaterial(Guid.NewGuid(), Enum.Parse<KeySpec>(vector.Suite.Spec), KeyUsage.EncryptDecrypt, Hex(vector.Suite.PrivateKey));
        var decrypt = async () => Convert.ToHexStringLower(await material.Decrypt(algorithm, Hex(vector.Row.Ciphertext)));
        if (vector.Row.IsValid) Assert.Equal(vector.Row.Plaintext, await decrypt());
        else Assert.Equal(KmsException.BadCiphertext().Message, (await Assert.ThrowsAsync<KmsException>(decrypt)).Message);
    }
}
