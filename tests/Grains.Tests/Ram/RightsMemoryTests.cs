using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class RightsMemoryTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    private const int DocumentLength = 6000;
    private const int Policies = 5;

    // The budget, by the length of the role's documents.
    private const int Fitting = 16 * 1024 * 1024 / (DocumentLength * Policies);

    // Each session is an access key of its own, and a caller can open a hundred in a second.
    [Fact]
    public async Task What_a_silo_knows_of_sessions_is_bounded_by_the_length_of_their_policies()
    {
        var ram = await fixture.NewAccount();
        var role = await ram.Role("wordy");
        foreach (var name in Enumerable.Range(0, Policies).Select(i => $"p{i}"))
        {
            await ram.Policies.CreatePolicy(name, Long, null);
            await ram.Policies.AttachPolicyToRole(PolicyType.Custom, name, "wordy");
        }
        var cache = ram.Kms.Services.GetRequiredService<RightsCache>();
        var most = 0;
        for (var i = 0; i < Fitting + 200; i++)
        {
            Assert.Equal("NoPermission", await RamAccount.Code(() => ram.UsersAs($"STS.{i}", null, new RoleSession(role.RoleId, "session", null)).GetUser("alice")));
            most = Math.Max(most, cache.Count);
        }
        // Some entries belong to other tests' callers.
        Assert.InRange(most, Fitting / 2, Fitting + 50);
    }

    private static string Long => RamAccount.Document.Replace("kms:Encrypt", "kms:" + new string('x', DocumentLength - RamAccount.Document.Length + 7), StringComparison.Ordinal);
}
