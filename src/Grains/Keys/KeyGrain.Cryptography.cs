using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <content>Symmetric cryptography.</content>
internal sealed partial class KeyGrain
{
    public async ValueTask<EncryptResult> Encrypt(byte[] plaintext, EncryptionContext context)
    {
        CryptoLimits.CheckPlaintext(plaintext);
        return await EncryptUnderPrimary(KeyOperation.Encrypt, plaintext, Checked(context));
    }

    public ValueTask<DecryptResult> Decrypt(byte[] blob, EncryptionContext context) => Open(KeyOperation.Decrypt, blob, context);

    public async ValueTask<DataKeyResult> GenerateDataKey(int numberOfBytes, EncryptionContext context)
    {
        CryptoLimits.CheckDataKeyLength(numberOfBytes);
        var text = NewDataKeyText(numberOfBytes);
        try
        {
            var (versionId, blob) = await EncryptUnderPrimary(KeyOperation.GenerateDataKey, text, Checked(context));
            return new(versionId, text, blob);
        }
        catch
        {
            CryptographicOperations.ZeroMemory(text);
            throw;
        }
    }

    public async ValueTask<EncryptResult> GenerateDataKeyWithoutPlaintext(int numberOfBytes, EncryptionContext context)
    {
        CryptoLimits.CheckDataKeyLength(numberOfBytes);
        var text = NewDataKeyText(numberOfBytes);
        try { return await EncryptUnderPrimary(KeyOperation.GenerateDataKeyWithoutPlaintext, text, Checked(context)); }
        finally { CryptographicOperations.ZeroMemory(text); }
    }

    public async ValueTask<EncryptResult> ReEncrypt(byte[] blob, EncryptionContext context, Guid destination, EncryptionContext destinationContext)
    {
        RequireBlobsKey();
        var opened = await Open(KeyOperation.ReEncrypt, blob, context);
        try { return new(opened.KeyVersionId, await EncryptUnder(destination, opened.Plaintext, destinationContext)); }
        finally { CryptographicOperations.ZeroMemory(opened.Plaintext); }
    }

    public async ValueTask<ExportedDataKey> ExportDataKey(byte[] blob, EncryptionContext context, WrappingPublicKey recipient)
    {
        Check(recipient);
        var opened = await Open(KeyOperation.ExportDataKey, blob, context);
        byte[] dataKey = [];
        try
        {
            if (!Base64.IsValid(opened.Plaintext, out var length) || length < 1) throw KmsException.BadCiphertext();
            if (length > recipient.Algorithm.MaxPlaintextBytes(recipient.Spec)) throw TooLongToWrap();
            dataKey = new byte[length];
            if (Base64.DecodeFromUtf8(opened.Plaintext, dataKey, out _, out _) != OperationStatus.Done) throw KmsException.BadCiphertext();
            return new(opened.KeyVersionId, blob, await Wrap(dataKey, recipient));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened.Plaintext);
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    public async ValueTask<ExportedDataKey> GenerateAndExportDataKey(int numberOfBytes, EncryptionContext context, WrappingPublicKey recipient)
    {
        Check(recipient);
        CryptoLimits.CheckDataKeyLength(numberOfBytes);
        if (numberOfBytes > recipient.Algorithm.MaxPlaintextBytes(recipient.Spec)) throw KmsException.InvalidParameter("NumberOfBytes");
        var dataKey = RandomNumberGenerator.GetBytes(numberOfBytes);
        var text = DataKeyText(dataKey);
        try
        {
            var (versionId, blob) = await EncryptUnderPrimary(KeyOperation.GenerateAndExportDataKey, text, Checked(context));
            return new(versionId, blob, await Wrap(dataKey, recipient));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public async ValueTask<byte[]> EncryptForReEncrypt(byte[] plaintext, EncryptionContext context) =>
        (await EncryptUnderPrimary(KeyOperation.Encrypt, plaintext, Checked(context))).CiphertextBlob;

    // Who presents a blob has named no key: a blob whose key is not there, or is of another kind, is as bad as any other. The destination's failures are its own.
    private void RequireBlobsKey()
    {
        try
        {
            if (Existing().Spec.IsSymmetric()) return;
        }
        catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound) { }
        throw KmsException.BadCiphertext();
    }

    private static void Check(WrappingPublicKey recipient)
    {
        if (recipient?.Spec is not (KeySpec.Rsa2048 or KeySpec.EcSm2)) throw KmsException.InvalidParameter("WrappingKeySpec");
        if (!recipient.Algorithm.Fits(recipient.Spec)) throw KmsException.InvalidParameter("WrappingAlgorithm");
        PublicKeys.Check(recipient.Spec, recipient.PublicKey, "PublicKeyBlob");
    }

    private static KmsException TooLongToWrap() =>
        new(KmsErrorCode.InvalidParameter, "The specified parameter CiphertextBlob is not valid. Its data key is too long for the wrapping key.");

    private static ValueTask<byte[]> Wrap(byte[] dataKey, WrappingPublicKey recipient) =>
        CoreShare.Calculate(recipient.Spec, () => PublicKeys.Encrypt(recipient.Spec, recipient.PublicKey, recipient.Algorithm, dataKey));

    private static EncryptionContext Checked(EncryptionContext? context) => (context ?? throw KmsException.InvalidParameter("EncryptionContext")).Checked();

    private static byte[] NewDataKeyText(int numberOfBytes)
    {
        Span<byte> key = stackalloc byte[CryptoLimits.MaxDataKeyBytes];
        key = key[..numberOfBytes];
        try
        {
            RandomNumberGenerator.Fill(key);
            return DataKeyText(key);
        }
        finally { CryptographicOperations.ZeroMemory(key); }
    }

    // A data key's blob opens to the key's Base64 text: what a caller of Decrypt gets is the Plaintext of GenerateDataKey, letter for letter.
    private static byte[] DataKeyText(ReadOnlySpan<byte> key)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(key.Length)];
        Base64.EncodeToUtf8(key, text, out _, out _);
        return text;
    }

    private ValueTask<byte[]> EncryptUnder(Guid keyId, byte[] plaintext, EncryptionContext context)
    {
        pass.Attach();
        return GrainFactory.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(_accountId, keyId)).EncryptForReEncrypt(plaintext, context);
    }

    private async ValueTask<DecryptResult> Open(KeyOperation operation, byte[] blob, EncryptionContext context)
    {
        if (!CiphertextBlob.TryReadHeader(blob, out var keyId, out var versionId) || keyId != _keyId) throw KmsException.BadCiphertext();
        KeyMaterial? material;
        do
        {
            var version = RequireRecord(operation).Version(versionId) ?? throw KmsException.BadCiphertext();
            if (!_materials.TryGetValue(versionId, out material)) await OpenMaterial(version);
        }
        while (material is null);
        return new(versionId, await ((SymmetricMaterial)material).Decrypt(blob, Checked(context)));
    }

    private async ValueTask<EncryptResult> EncryptUnderPrimary(KeyOperation operation, byte[] plaintext, EncryptionContext context)
    {
        KeyMaterial? material;
        KeyVersionRecord version;
        while (!_materials.TryGetValue((version = RequireRecord(operation).Primary()).Id, out material)) await OpenMaterial(version);
        return new(version.Id, await ((SymmetricMaterial)material).Encrypt(plaintext, context));
    }
}
