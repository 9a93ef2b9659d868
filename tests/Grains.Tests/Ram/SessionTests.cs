using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class SessionTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    // A token escapes a pictograph as twelve letters.
    [Theory, InlineData(700, false), InlineData(900, true)]
    public async Task A_session_whose_token_would_be_too_long_is_not_opened(int pictographs, bool isRefused)
    {
        var ram = await fixture.NewAccount();
        var alice = await ram.User("alice");
        await ram.Policies.AttachPolicyToUser(PolicyType.System, "AliyunSTSAssumeRoleAccess", "alice");
        var role = await ram.Roles.CreateRole("deployer", new(RamAccount.Trust.Replace(TestKms.Account, ram.Id, StringComparison.Ordinal)));
        var key = (await ram.Users.CreateAccessKey("alice")).AccessKey.AccessKeyId;
        var value = string.Concat(Enumerable.Repeat("\U0001F511", pictographs));
        var policy = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/a":"VALUE"}}}]}""".Replace("VALUE", value, StringComparison.Ordinal);
        ram.Kms.Token(key, alice.UserId, account: ram.Id).Attach();
        var assume = () => ram.Kms.Grains.GetGrain<IStsGrain>(ram.Id).AssumeRole(role.Arn, "session", new(null, policy, null));

        if (isRefused) Assert.Equal("InvalidParameter.PolicySize", await RamAccount.Code(assume));
        else
        {
            var token = (await assume()).Credentials.SecurityToken;
            Assert.InRange(token.Length, 1, SignedRequest.MaxSecurityTokenLength);
            Assert.True(ram.Kms.Services.GetRequiredService<SecurityTokenSeal>().TryOpen(token, out var session));
            Assert.Equal(policy, session.Role.Policy);
        }
    }
}
