using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Import;

/// <summary>Wraps and unwraps: wrapping keys with their tokens go out, material comes in. Material of level HSM is unwrapped inside the token.</summary>
internal sealed class MaterialImport(
    WrappingPairs pairs, StoredMaterial storedMaterial, ServiceSeal seal, HsmWorkers workers, TokenCapabilities token, IOptions<KmsOptions> options, TimeProvider clock)
{
    /// <summary>Somebody is about to import.</summary>
    public void Expect() => pairs.Expect();

    /// <summary>Gives a new wrapping key and its token.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.InvalidParameter"/>: algorithm and specs do not go together. <see cref="KmsErrorCode.UnsupportedOperation"/>: the token cannot unwrap so.
    /// </exception>
    public async Task<ImportParameters> Offer(string grainKey, KeySpec spec, ProtectionLevel level, WrappingAlgorithm algorithm, KeySpec wrappingKeySpec)
    {
        if (!spec.IsImportedUnder(wrappingKeySpec)) throw KmsException.InvalidParameter("WrappingKeySpec");
        if (!algorithm.Fits(wrappingKeySpec)) throw KmsException.InvalidParameter("WrappingAlgorithm");
        var place = Place(level, algorithm);
        var pair = await pairs.Take(place, wrappingKeySpec);
        using var content = new ImportToken(algorithm, place, ImportToken.EndOf(clock.GetUtcNow()), pair.PrivateKey);
        var bytes = content.Write();
        try
        {
            return new(pair.PublicKey, await seal.Seal(Guid.Empty, ImportToken.Binding(grainKey), bytes), content.ExpiresAt);
        }
        finally { CryptographicOperations.ZeroMemory(bytes); }
    }

    /// <summary>Unwraps material.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.InvalidImportToken"/>, <see cref="KmsErrorCode.ExpiredImportToken"/>; <see cref="KmsErrorCode.InvalidKeyMaterial"/>, whatever is wrong with the material;
    /// <see cref="KmsErrorCode.UnsupportedOperation"/>: the token is for an import outside the HSM, which is not allowed any more.
    /// </exception>
    public async Task<UnwrappedMaterial> Unwrap(string grainKey, KeySpec spec, ProtectionLevel level, byte[] importToken, byte[] encrypted)
    {
        using var opened = await Open(grainKey, importToken);
        if (opened.IsOver(clock.GetUtcNow())) throw new KmsException(KmsErrorCode.ExpiredImportToken);
        if (opened.Place == UnwrappingPlace.Token) return new(StoredMaterial.Content(await UnwrapInToken(opened, encrypted)), isOutsideHsm: false);
        if (level == ProtectionLevel.Hsm && !options.Value.AllowImportOutsideHsm) token.Require(opened.Algorithm);
        var material = await UnwrapInMemory(spec, opened, encrypted);
        if (level == ProtectionLevel.Software) return new(material, isOutsideHsm: false);
        try { return new(StoredMaterial.Content(await workers.PrivateKeys(Guid.Empty).WrapAesKey(material)), isOutsideHsm: true); }
        finally { CryptographicOperations.ZeroMemory(material); }
    }

    /// <summary>Gives a check of material that none was imported before.</summary>
    public Task<byte[]> Check(Guid keyId, KeySpec spec, ProtectionLevel level, UnwrappedMaterial material) =>
        Use(keyId, spec, level, material, candidate => MaterialCheck.Make(candidate).AsTask());

    /// <summary>Whether it is the material that a check was made of.</summary>
    public Task<bool> IsSame(Guid keyId, KeySpec spec, ProtectionLevel level, UnwrappedMaterial material, byte[] check) =>
        Use(keyId, spec, level, material, candidate => MaterialCheck.Matches(candidate, check).AsTask());

    private UnwrappingPlace Place(ProtectionLevel level, WrappingAlgorithm algorithm)
    {
        if (level == ProtectionLevel.Software) return UnwrappingPlace.Memory;
        if (!token.Offers(algorithm) && options.Value.AllowImportOutsideHsm) return UnwrappingPlace.Memory;
        token.Require(algorithm);
        return UnwrappingPlace.Token;
    }

    private async Task<ImportToken> Open(string grainKey, byte[] importToken)
    {
        if (importToken is not { Length: > 0 and <= ImportParameters.MaxTokenBytes }) throw new KmsException(KmsErrorCode.InvalidImportToken);
        try { return ImportToken.Read(await seal.Open(Guid.Empty, ImportToken.Binding(grainKey), importToken)); }
        catch (InvalidDataException) { throw new KmsException(KmsErrorCode.InvalidImportToken); }
    }

    private async Task<WrappedKey> UnwrapInToken(ImportToken opened, byte[] encrypted)
    {
        if (encrypted is null || encrypted.Length != KeySpec.Rsa2048.ModulusBytes()) throw new KmsException(KmsErrorCode.InvalidKeyMaterial);
        try { return await workers.PrivateKeys(Guid.Empty).ImportAesKey(StoredMaterial.Wrapped(opened.PrivateKey), opened.Algorithm, encrypted); }
        // Its root key was retired meanwhile.
        catch (InvalidDataException) { throw new KmsException(KmsErrorCode.InvalidImportToken); }
    }

    private static async Task<byte[]> UnwrapInMemory(KeySpec spec, ImportToken opened, byte[] encrypted)
    {
        var wrappingKeySpec = opened.Algorithm == WrappingAlgorithm.Sm2Pke ? KeySpec.EcSm2 : KeySpec.Rsa2048;
        if (encrypted is null) throw new KmsException(KmsErrorCode.InvalidKeyMaterial);
        var material = await CoreShare.Calculate(() => SoftwareUnwrapping.TryUnwrap(wrappingKeySpec, opened.Algorithm, opened.PrivateKey, encrypted));
        if (material?.Length == spec.SymmetricKeyBytes()) return material;
        CryptographicOperations.ZeroMemory(material);
        throw new KmsException(KmsErrorCode.InvalidKeyMaterial);
    }

    // Under an id of its own: under the version's, the token's memory may hold other material by then, for instance of an import that was refused.
    private async Task<T> Use<T>(Guid keyId, KeySpec spec, ProtectionLevel level, UnwrappedMaterial material, Func<SymmetricMaterial, Task<T>> use)
    {
        var candidateId = Guid.NewGuid();
        using var candidate = (SymmetricMaterial)storedMaterial.Ready(keyId, candidateId, spec, KeyUsage.EncryptDecrypt, level, material.Copy());
        try { return await use(candidate); }
        finally
        {
            if (level == ProtectionLevel.Hsm) await workers.For(candidateId).Forget(candidateId);
        }
    }
}
