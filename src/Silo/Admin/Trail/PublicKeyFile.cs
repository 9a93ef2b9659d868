using System.Security.Cryptography;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Public keys of trails in files: SubjectPublicKeyInfo in PEM.</summary>
internal static class PublicKeyFile
{
    private const string Label = "PUBLIC KEY";

    /// <summary>The text of a file.</summary>
    public static string Write(byte[] publicKey) => PemEncoding.WriteString(Label, publicKey);

    /// <summary>Reads a P-256 key.</summary>
    /// <exception cref="StartupException">It is none.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(path));
            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                ? key.ExportSubjectPublicKeyInfo()
                : throw new StartupException($"{path} is no key on the curve P-256.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException) { throw new StartupException($"{path} is no public key in PEM."); }
    }
}
