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
    public void Another_accounts_keys_are_as_if_absent(ResourceKind kind, string grainKey, KmsErrorCode? expected) =>
        AssertRefused(new KmsActionAttribute("Any", ActionAccess.Read, kind), grainKey, expected);

    [Fact]
    public void Another_accounts_users_are_out_of_reach() =>
        AssertRefused(new RamActionAttribute("ram", "GetUser", ActionAccess.Read, "user/{userName}"), "2000000000000002", KmsErrorCode.RamNoPermission);

    private static void AssertRefused(ActionAttribute action, string grainKey, KmsErrorCode? expected) =>
        Assert.Equal(expected, (Record.Exception(() => Authorization.RequireAccount(Caller, action, grainKey)) as KmsException)?.Code);
}
