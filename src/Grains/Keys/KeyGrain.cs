using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>
/// One CMK. Cryptographic calls interleave with everything, so each reads <see cref="_record"/> once, when it starts; the record is replaced only after
/// its successor is durable. That makes a change take effect before its call returns, and never before it is safe.
/// </summary>
internal sealed partial class KeyGrain(
    [PersistentState("key", StorageNames.Grains)] IPersistentState<KeyRecord> stored,
    StoredMaterial storedMaterial, HsmWorkers workers, IOptions<KmsOptions> options, TimeProvider clock, ILogger<KeyGrain> logger)
    : Grain, IKeyGrain, IKeyBirthGrain
{
    private readonly Dictionary<Guid, KeyMaterial> _materials = [];
    private KeyRecord? _record;
    private bool _outOfStep;
    private string _grainKey = "";
    private string _accountId = "";
    private Guid _keyId;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _grainKey = this.GetPrimaryKeyString();
        if (!KeyId.TryParseGrainKey(_grainKey, out var accountId, out _keyId)) throw new KmsException(KmsErrorCode.KeyNotFound);
        _accountId = accountId;
        _record = stored.RecordExists ? stored.State : null;
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        DropMaterials();
        return Task.CompletedTask;
    }

    public Task<bool> Exists()
    {
        RequireInStep();
        return Task.FromResult(_record is not null);
    }

    public async Task<KeyMetadata> Create(KeySettings settings)
    {
        RequireInStep();
        if (_record is not null) throw new InvalidOperationException("The key exists.");
        var now = clock.GetUtcNow();
        var versionId = Guid.NewGuid();
        await Save(new KeyRecord
        {
            State = KeyState.Enabled,
            Spec = settings.Spec,
            Usage = settings.Usage,
            Origin = settings.Origin,
            ProtectionLevel = settings.ProtectionLevel,
            Description = settings.Description,
            Creator = _accountId,
            CreatedAt = now,
            Versions = [new(versionId, now, await storedMaterial.Generate(_grainKey, versionId, settings.ProtectionLevel))],
        });
        return Metadata();
    }

    public Task<KeyMetadata> Describe()
    {
        Require(KeyOperation.Describe);
        return Task.FromResult(Metadata());
    }

    public Task Enable() => Move(KeyOperation.Enable, KeyState.Enabled);

    public async Task Disable()
    {
        await Move(KeyOperation.Disable, KeyState.Disabled);
        DropMaterials();
        // All versions: an earlier activation may have left one open.
        foreach (var version in _record!.Versions) await ForgetInToken(version.Id);
    }

    public async ValueTask<EncryptResult> Encrypt(byte[] plaintext, EncryptionContext context)
    {
        CryptoLimits.CheckPlaintext(plaintext);
        return await EncryptUnderPrimary(plaintext, context.Checked());
    }

    public async ValueTask<DecryptResult> Decrypt(byte[] blob, EncryptionContext context)
    {
        if (!CiphertextBlob.TryReadHeader(blob, out var keyId, out var versionId) || keyId != _keyId) throw KmsException.BadCiphertext();
        KeyMaterial? material;
        do
        {
            var version = Require(KeyOperation.Cryptography).Version(versionId) ?? throw KmsException.BadCiphertext();
            if (!_materials.TryGetValue(versionId, out material)) await OpenMaterial(version);
        }
        while (material is null);
        return new(versionId, await material.Decrypt(blob, context.Checked()));
    }

    public async ValueTask<DataKeyResult> GenerateDataKey(int numberOfBytes, EncryptionContext context)
    {
        CryptoLimits.CheckDataKeyLength(numberOfBytes);
        var text = NewDataKeyText(numberOfBytes);
        try
        {
            var (versionId, blob) = await EncryptUnderPrimary(text, context.Checked());
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
        try { return await EncryptUnderPrimary(text, context.Checked()); }
        finally { CryptographicOperations.ZeroMemory(text); }
    }

    // A data key's blob opens to the key's Base64 text: what a caller of Decrypt gets is the Plaintext of GenerateDataKey, letter for letter.
    private static byte[] NewDataKeyText(int numberOfBytes)
    {
        Span<byte> key = stackalloc byte[CryptoLimits.MaxDataKeyBytes];
        key = key[..numberOfBytes];
        try
        {
            RandomNumberGenerator.Fill(key);
            var text = new byte[Base64.GetMaxEncodedToUtf8Length(numberOfBytes)];
            Base64.EncodeToUtf8(key, text, out _, out _);
            return text;
        }
        finally { CryptographicOperations.ZeroMemory(key); }
    }

    private async ValueTask<EncryptResult> EncryptUnderPrimary(byte[] plaintext, EncryptionContext context)
    {
        KeyMaterial? material;
        KeyVersionRecord version;
        while (!_materials.TryGetValue((version = Require(KeyOperation.Cryptography).Primary()).Id, out material)) await OpenMaterial(version);
        return new(version.Id, await material.Encrypt(plaintext, context));
    }

    // Callers look again afterwards: while the token worked the key may have been disabled, and nothing may be left open then.
    private async ValueTask OpenMaterial(KeyVersionRecord version)
    {
        var opened = await storedMaterial.Open(_grainKey, _keyId, version.Id, _record!.ProtectionLevel, version.Material);
        var unwanted = _outOfStep || KeyStateMatrix.Refusal(KeyOperation.Cryptography, _record.State) is not null;
        if (unwanted || !_materials.TryAdd(version.Id, opened)) opened.Dispose();
    }

    private void DropMaterials()
    {
        foreach (var material in _materials.Values) material.Dispose();
        _materials.Clear();
    }

    // The key is disabled already; a token that does not answer now loses the handle with its session.
    private async Task ForgetInToken(Guid versionId)
    {
        if (_record!.ProtectionLevel != ProtectionLevel.Hsm) return;
        try { await workers.For(versionId).Forget(versionId); }
        catch (Exception e) when (e is KmsException or TimeoutException or OrleansException) { LogNotForgotten(logger, versionId, e.Message); }
    }

    private async Task Move(KeyOperation operation, KeyState state)
    {
        var record = Require(operation);
        if (record.State != state) await Save(record with { State = state });
    }

    private void RequireInStep()
    {
        if (_outOfStep) throw new KmsException(KmsErrorCode.ServiceUnavailable);
    }

    private KeyRecord Require(KeyOperation operation)
    {
        RequireInStep();
        if (_record is null)
        {
            DeactivateOnIdle();
            throw new KmsException(KmsErrorCode.KeyNotFound);
        }
        return KeyStateMatrix.Refusal(operation, _record.State) is { } refusal ? throw new KmsException(refusal) : _record;
    }

    // After a failed write nobody knows whether it landed: this activation refuses everything, and the next one reads again.
    private async Task Save(KeyRecord next)
    {
        stored.State = next;
        try
        {
            await stored.WriteStateAsync();
        }
        catch (Exception e)
        {
            _outOfStep = true;
            DeactivateOnIdle();
            LogNotSaved(logger, _keyId, e);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
        _record = next;
    }

    private KeyMetadata Metadata()
    {
        var record = _record!;
        return new(
            _keyId, KeyId.Arn(options.Value.RegionId, _accountId, _keyId), record.State, record.Spec, record.Usage, record.Origin, record.ProtectionLevel,
            record.Description, record.Creator, record.CreatedAt, record.Primary().Id, record.Primary().CreatedAt);
    }

    [LoggerMessage(1, LogLevel.Error, "The state of key {KeyId} could not be saved.")]
    private static partial void LogNotSaved(ILogger logger, Guid keyId, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The token did not drop the handle of key version {KeyVersionId}: {Reason}")]
    private static partial void LogNotForgotten(ILogger logger, Guid keyVersionId, string reason);
}
