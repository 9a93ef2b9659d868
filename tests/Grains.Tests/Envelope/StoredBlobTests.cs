using System.Text.Json;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Envelope;

/// <summary>
/// Blobs of format 1, made after its documented layout by another implementation of AES-GCM, with keys that are no secret. They must stay readable for ever:
/// the file is never changed, and a new format gets a file of its own.
/// </summary>
[Collection(TokenTests.Name)]
public sealed class StoredBlobTests(TokenFixture token)
{
    public sealed record Row(string Key, Guid KeyId, Guid KeyVersionId, Dictionary<string, string> Context, string Plaintext, string Blob)
    {
        public override string ToString() => KeyId.ToString();
    }

    public static TheoryData<Row> Rows =>
        [.. JsonSerializer.Deserialize<Row[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Envelope", "blobs-1.json")))!];

    [Theory, MemberData(nameof(Rows))]
    public async Task Software_material_opens_it(Row row)
    {
        var blob = Convert.FromBase64String(row.Blob);
        Assert.True(CiphertextBlob.TryReadHeader(blob, out var keyId, out var keyVersionId));
        Assert.Equal((row.KeyId, row.KeyVersionId), (keyId, keyVersionId));
        using var material = new SoftwareAesMaterial(row.KeyId, row.KeyVersionId, Convert.FromBase64String(row.Key));
        Assert.Equal(row.Plaintext, Convert.ToBase64String(await material.Decrypt(blob, EncryptionContext.Of(row.Context))));
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_token_opens_it(Row row)
    {
        var blob = Convert.FromBase64String(row.Blob);
        var context = EncryptionContext.Of(row.Context);
        var aad = new byte[CiphertextBlob.HeaderLength + context.CanonicalLength];
        CiphertextBlob.Header(blob).CopyTo(aad);
        context.WriteCanonical(aad.AsSpan(CiphertextBlob.HeaderLength));
        var plaintext = TokenObjects.Look(token.Options, session => GcmCipher.TryDecrypt(TokenObjects.Module.Cryptoki, 
            session, Import(session, Convert.FromBase64String(row.Key)), CiphertextBlob.Iv(blob).ToArray(), aad, blob.AsSpan(CiphertextBlob.HeaderLength)));
        Assert.Equal(row.Plaintext, Convert.ToBase64String(plaintext!));
    }

    private static IObjectHandle Import(ISession session, byte[] key)
    {
        using var template = KeyTemplate.KeyInUse();
        using var value = Pkcs11Module.Factories.ObjectAttributeFactory.Create(CKA.CKA_VALUE, key);
        return session.CreateObject([.. template.Attributes, value]);
    }
}
