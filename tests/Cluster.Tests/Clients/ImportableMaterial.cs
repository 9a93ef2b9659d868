using System.Security.Cryptography;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Material of one's own, wrapped for one CMK.</summary>
internal sealed record ImportableMaterial(string ImportToken, string EncryptedKeyMaterial)
{
    /// <summary>Makes it and wraps it with the key that GetParametersForImport answered.</summary>
    public static ImportableMaterial Make(Answer parameters)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(parameters.Text("PublicKey")), out _);
        return new(parameters.Text("ImportToken"), Convert.ToBase64String(rsa.Encrypt(RandomNumberGenerator.GetBytes(32), RSAEncryptionPadding.OaepSHA1)));
    }
}
