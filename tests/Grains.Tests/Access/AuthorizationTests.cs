using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class AuthorizationTests
{
    private const string Account = "1000000000000001";

    [Theory]
    [InlineData("acs:ram::1000000000000001:root", ResourceKind.Key, "1000000000000001/1234abcd-12ab-34cd-56ef-1234567890ab", null)]
    [InlineData("acs:ram::1000000000000001:root", ResourceKind.Key, "2000000000000002/1234abcd-12ab-34cd-56ef-1234567890ab", KmsErrorCode.KeyNotFound)]
    [InlineData("acs:ram::1000000000000001:root", ResourceKind.KeyContainer, "1000000000000001", null)]
    [InlineData("acs:ram::1000000000000001:root", ResourceKind.KeyContainer, "2000000000000002", KmsErrorCode.NoPermission)]
    [InlineData("acs:ram::1000000000000001:root", ResourceKind.KeyContainer, "10000000000000011", KmsErrorCode.NoPermission)]
    [InlineData("acs:ram::1000000000000001:user/alice", ResourceKind.KeyContainer, "1000000000000001", KmsErrorCode.NoPermission)]
    [InlineData("acs:ram::2000000000000002:root", ResourceKind.KeyContainer, "1000000000000001", KmsErrorCode.NoPermission)]
    public void The_root_may_do_everything_in_its_account_and_nothing_outside(string principal, ResourceKind kind, string grainKey, KmsErrorCode? expected)
    {
        var caller = new Caller(Account, principal, "LTAI", DateTimeOffset.UnixEpoch, new("", "", "", "", false));
        Assert.Equal(expected, Authorization.Refusal(caller, new KmsActionAttribute("Any", ActionAccess.Read, kind), grainKey));
    }
}
