using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <content>
/// Access keys. The truth about one is its grain; the table says which there are. A key's row is written before the key is made and removed after it, and all of it in the turn of a change:
/// a row without a key was left by a crash.
/// </content>
internal sealed partial class RamGrain
{
    public Task<RamNewAccessKey> CreateAccessKey(string? userName) => _gate.Pass(async () =>
    {
        var userId = await Owner(userName);
        if ((await LiveKeys(userId)).Count >= Limits.AccessKeysPerUser) throw RamErrors.LimitExceeded(RamErrors.UserAccessKey, Limits.AccessKeysPerUser);
        var (pair, now) = (NewAccessKeyPair.Generate(), Now);
        // Nobody knows anything of a key that is new, so there is nothing to be forgotten.
        await Write(command => AccessKeyTable.Insert(command, AccountId, userId, pair.AccessKeyId, now));
        await pair.Issue(Key(pair.AccessKeyId), AccountId, userId);
        return new RamNewAccessKey(new(pair.AccessKeyId, true, now), pair.Secret);
    });

    public Task UpdateAccessKey(string? userName, string accessKeyId, bool isActive) => _gate.Pass(async () =>
    {
        await RequireKey(userName, accessKeyId);
        await notice.Forget(AccountId);
        await Key(accessKeyId).SetActive(isActive);
        return true;
    });

    public Task DeleteAccessKey(string? userName, string accessKeyId) => _gate.Pass(async () =>
    {
        await RequireKey(userName, accessKeyId);
        await notice.Forget(AccountId);
        await Key(accessKeyId).Remove();
        await Write(command => AccessKeyTable.Delete(command, accessKeyId));
        return true;
    });

    public Task<RamAccessKey[]> ListAccessKeys(string? userName) => _gate.Pass(async () => (await LiveKeys(await Owner(userName))).ToArray());

    public async Task<DateTimeOffset?> GetAccessKeyLastUsed(string? userName, string accessKeyId) => (await RequireKey(userName, accessKeyId)).LastUsedAt;

    // In the turn of a change, so that no key is being made.
    private async Task<List<RamAccessKey>> LiveKeys(string? userId)
    {
        var rows = await Read(command => AccessKeyTable.List(command, AccountId, userId));
        var states = await Task.WhenAll(rows.Select(row => Key(row.Id).State()));
        var keys = rows.Zip(states, (row, state) => (row.Id, Key: IsOf(userId, state) ? new RamAccessKey(row.Id, state!.IsActive, row.CreatedAt) : null)).ToList();
        foreach (var (id, _) in keys.Where(key => key.Key is null)) await Write(command => AccessKeyTable.Delete(command, id));
        return [.. keys.Select(key => key.Key).OfType<RamAccessKey>()];
    }

    private async Task<AccessKeyState> RequireKey(string? userName, string accessKeyId)
    {
        if (string.IsNullOrEmpty(accessKeyId)) throw RamErrors.Missing("UserAccessKeyId");
        var userId = await Owner(userName);
        // Only keys that the table knows are asked: others are not this account's, or are none.
        var state = await Read(command => AccessKeyTable.Contains(command, AccountId, userId, accessKeyId)) ? await Key(accessKeyId).State() : null;
        return IsOf(userId, state) ? state! : throw RamErrors.NotExist(RamErrors.UserAccessKey, $"The access key {accessKeyId} does not exist.");
    }

    // The user of that name, or who calls; null for the account root.
    private async Task<string?> Owner(string? userName)
    {
        if (userName is null) return await Self();
        RamNames.User(userName);
        return await Read(command => NamedRows.Users.Require(command, AccountId, userName));
    }

    private async Task<string?> Self()
    {
        if (!callers.TryOpen(CallerToken.Current, out var caller)) throw new KmsException(KmsErrorCode.NotAuthenticated);
        if (caller.Session is not null) throw RamErrors.Missing("UserName");
        // A user may have been removed while its call waited for its turn.
        if (caller.UserId is { } id && await Read(command => UserTable.NameOf(command, AccountId, id)) is null) throw RamErrors.NotExist(RamErrors.User, "The user does not exist.");
        return caller.UserId;
    }

    private bool IsOf(string? userId, AccessKeyState? state) => state is not null && state.AccountId == AccountId && state.UserId == userId;

    private IAccessKeyServiceGrain Key(string accessKeyId)
    {
        pass.Attach();
        return GrainFactory.GetGrain<IAccessKeyServiceGrain>(accessKeyId);
    }
}
