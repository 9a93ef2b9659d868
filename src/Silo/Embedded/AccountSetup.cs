using System.Security.Cryptography;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Ram;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>Sees to it that every wanted account has a root access key, and that its file tells where the service is.</summary>
internal sealed partial class AccountSetup(DataFolder folder, IGrainFactory grains, SiloPass pass, TimeProvider clock, ILogger<AccountSetup> logger, string regionId, string endpoint)
{
    private const int AccountIdLength = 16;

    /// <summary>Refuses files that hold no credentials, before anything is started.</summary>
    /// <exception cref="StartupException">One does not.</exception>
    public static void CheckFiles(DataFolder folder)
    {
        Credentials.Read(folder.Credentials);
        if (!Directory.Exists(folder.Accounts)) return;
        foreach (var file in Directory.EnumerateFiles(folder.Accounts, "*.json")) Credentials.Read(file);
    }

    /// <summary>Makes what is missing. Without a wanted account and without any account so far, one with a random id is made.</summary>
    public async Task Ensure(IReadOnlyList<string> accountIds)
    {
        Directory.CreateDirectory(folder.Accounts, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var first = await EnsureFirst(accountIds);
        foreach (var file in Directory.EnumerateFiles(folder.Accounts, "*.json")) Relocate(file);
        Current(first)?.Write(folder.Credentials);
        Relocate(folder.Credentials);
    }

    // The account that it names stays; the access key is the one of the account's own file, which may be a new one.
    private Credentials? Current(Credentials? first) => Credentials.Read(folder.Credentials) is { } named ? Credentials.Read(FileOf(named.AccountId)) : first;

    private async Task<Credentials?> EnsureFirst(IReadOnlyList<string> accountIds)
    {
        Credentials? first = null;
        // Those that are there need no wish: what an earlier build left of them is brought up to date, too.
        var present = Directory.EnumerateFiles(folder.Accounts, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order();
        foreach (var id in accountIds.Concat(present).Distinct().ToArray())
        {
            var credentials = await EnsureAccount(id);
            first ??= credentials;
        }
        return first ?? await EnsureAccount(Credentials.Read(folder.Credentials)?.AccountId ?? NewAccountId());
    }

    /// <summary>A random id.</summary>
    public static string NewAccountId() => RandomNumberGenerator.GetString("123456789", 1) + RandomNumberGenerator.GetString("0123456789", AccountIdLength - 1);

    // The key is durable before its file appears: a file never names a key that does not work.
    private async Task<Credentials> EnsureAccount(string accountId)
    {
        var path = FileOf(accountId);
        if (Credentials.Read(path) is { } existing)
        {
            if (await Find(existing) is { } key && key.AccountId == existing.AccountId)
            {
                await List(existing, key.CreatedAt);
                return existing;
            }
            // The root may have deleted it: where the account has others, nothing is wrong with the database, and the start must not fail.
            if (await Ram(accountId).HasAccessKey())
            {
                LogDeleted(logger, path);
                return existing;
            }
            throw new StartupException($"{path} names an access key that {folder.Grains.Path} does not know; restore both from one backup, or remove the file to have a new access key made.");
        }
        var pair = NewAccessKeyPair.Generate();
        var credentials = new Credentials(pair.AccessKeyId, pair.Secret, accountId, regionId, endpoint);
        await List(credentials, clock.GetUtcNow());
        await pair.Issue(AccessKey(pair.AccessKeyId), accountId, userId: null);
        credentials.Write(path);
        return credentials;
    }

    private Task List(Credentials credentials, DateTimeOffset createdAt) => Ram(credentials.AccountId).ListRootAccessKey(credentials.AccessKeyId, createdAt);

    private IRamServiceGrain Ram(string accountId)
    {
        pass.Attach();
        return grains.GetGrain<IRamServiceGrain>(accountId);
    }

    private async Task<AccessKeyState?> Find(Credentials credentials)
    {
        try
        {
            await AccessKey(credentials.AccessKeyId).Verify();
            return await AccessKey(credentials.AccessKeyId).State();
        }
        catch (InvalidDataException) { throw new StartupException($"{folder.Grains.Path} was not written with the token and kms.db that are here; restore the whole data folder from one backup."); }
    }

    private IAccessKeyServiceGrain AccessKey(string id)
    {
        pass.Attach();
        return grains.GetGrain<IAccessKeyServiceGrain>(id);
    }

    private string FileOf(string accountId) => Path.Combine(folder.Accounts, accountId + ".json");

    private void Relocate(string path)
    {
        if (Credentials.Read(path) is not { } credentials) return;
        var here = credentials with { RegionId = regionId, Endpoint = endpoint };
        if (here != credentials) here.Write(path);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Path} names an access key that was deleted. Remove the file, and the next start makes a new one.")]
    private static partial void LogDeleted(ILogger logger, string path);
}
