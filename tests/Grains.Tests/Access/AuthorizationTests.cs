using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class AuthorizationTests
{
    private static readonly Caller Caller = new("1000000000000001", "LTAI", null, null, DateTimeOffset.UnixEpoch, new("", "", "", "", false));

    [Theory]
    [InlineData(ResourceKind.Key, "1000000000000001/1234abcd-12ab-34cd-56ef-1234567890ab", null)]
    [InlineData(ResourceKind.Key, "2000000000000002/1234abcd-12ab-34cd-56ef-1234567890ab", KmsErrorCode.KeyNotFound)]
    [InlineData(ResourceKind.SourceAndDestination, "2000000000000002/1234abcd-12ab-34cd-56ef-1234567890ab", KmsErrorCode.KeyNotFound)]
    [InlineData(ResourceKind.Alias, "2000000000000002/alias/a", KmsErrorCode.AliasNotFound)]
    [InlineData(ResourceKind.KeyContainer, "1000000000000001", null)]
    [InlineData(ResourceKind.KeyContainer, "2000000000000002", KmsErrorCode.NoPermission)]
    [InlineData(ResourceKind.KeyContainer, "10000000000000011", KmsErrorCode.NoPermission)]
    [InlineData(ResourceKind.KeyContainer, "100000000000000", KmsErrorCode.NoPermission)]
    [InlineData(ResourceKind.KeyContainer, "1000000000000001/x", KmsErrorCode.NoPermission)]
    [InlineData(ResourceKind.AliasContainer, "1000000000000001/", KmsErrorCode.NoPermission)]
    [InlineData(ResourceKind.Keys, "1000000000000001/x", KmsErrorCode.NoPermission)]
    [InlineData(ResourceKind.Service, "1000000000000001/x", KmsErrorCode.NoPermission)]
    public void Another_accounts_keys_are_as_if_absent(ResourceKind kind, string grainKey, KmsErrorCode? expected) =>
        AssertRefused(new KmsActionAttribute("Any", ActionAccess.Read, kind), grainKey, expected);

    // The grain of a key with more behind the account would be one of no account, with quotas of its own.
    [Theory, InlineData("1000000000000001", null), InlineData("2000000000000002", KmsErrorCode.RamNoPermission), InlineData("1000000000000001/x", KmsErrorCode.RamNoPermission)]
    public void Only_the_own_accounts_users_are_in_reach(string grainKey, KmsErrorCode? expected) =>
        AssertRefused(new RamActionAttribute("ram", "GetUser", ActionAccess.Read, "user/{userName}"), grainKey, expected);

    private static void AssertRefused(ActionAttribute action, string grainKey, KmsErrorCode? expected) =>
        Assert.Equal(expected, (Record.Exception(() => Authorization.RequireAccount(Caller, action, grainKey)) as KmsException)?.Code);
}
