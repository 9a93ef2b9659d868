using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <content>Life cycle.</content>
internal sealed partial class KeyGrain
{
    private const string DefaultPolicy = "default";

    public Task<KeyMetadata> Describe() => Task.FromResult(Metadata(RequireRecord(KeyOperation.DescribeKey)));

    public async Task Enable()
    {
        var record = RequireRecord(KeyOperation.EnableKey);
        if (record.State == KeyState.Enabled) return;
        await Save(record with { State = KeyState.Enabled });
        await RotateNow();
    }

    public async Task Disable()
    {
        var record = RequireRecord(KeyOperation.DisableKey);
        if (record.State != KeyState.Disabled) await Save(record with { State = KeyState.Disabled });
        await TakeOutOfUse();
    }

    public async Task ScheduleDeletion(int windowInDays)
    {
        DeletionWindow.Check(windowInDays);
        var record = RequireRecord(KeyOperation.ScheduleKeyDeletion);
        if (record.IsDeletionProtected)
        {
            throw new KmsException(KmsErrorCode.RejectedUnsupportedOperation, "Unsupported operation. The key has deletion protection; end that with SetDeletionProtection first.");
        }
        await Save(record with { State = KeyState.PendingDeletion, DeletesAt = clock.GetUtcNow().AddDays(windowInDays) });
        await TakeOutOfUse();
    }

    public async Task CancelDeletion()
    {
        var record = RequireRecord(KeyOperation.CancelKeyDeletion);
        await Save(record with { State = MaterialRules.StateAfterCancel(record), DeletesAt = null });
        await RotateNow();
    }

    public Task SetDeletionProtection(bool isProtected, string description)
    {
        if (isProtected && description is not { Length: <= KeySettings.MaxDescriptionLength }) throw KmsException.InvalidParameter("DeletionProtectionDescription");
        var record = RequireRecord(KeyOperation.SetDeletionProtection);
        return Save(record with { IsDeletionProtected = isProtected, DeletionProtectionDescription = isProtected ? description : "" });
    }

    public Task UpdateDescription(string description)
    {
        KeySettings.CheckDescription(description);
        var record = RequireRecord(KeyOperation.UpdateKeyDescription);
        return Save(record with { Description = description });
    }

    public Task<string> GetPolicy(string policyName) => Task.FromException<string>(PolicyRefusal(KeyOperation.GetKeyPolicy, policyName));

    public Task SetPolicy(string policyName, string policy) => Task.FromException(PolicyRefusal(KeyOperation.SetKeyPolicy, policyName));

    private KmsException PolicyRefusal(KeyOperation operation, string policyName)
    {
        RequireRecord(operation);
        return policyName == DefaultPolicy ? new(KmsErrorCode.KeyPolicyUnsupported) : new(KmsErrorCode.ResourceNotFound, "Policy not found.");
    }

    private Task TakeOutOfUse()
    {
        DropMaterials();
        return ForgetInToken(_record!);
    }
}
