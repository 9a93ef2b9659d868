using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;
using Orleans.Runtime.Placement;

namespace Orleans.Kms.Grains.Tests.Access;

/// <summary>When a change of RAM has answered, no call that starts later is judged by the old state: not even one with a caller token that is in use already.</summary>
[Collection(TokenTests.Name)]
public sealed class RightsTests(RightsTests.Fixture fixture) : IClassFixture<RightsTests.Fixture>
{
    private const string AllOfKms = "AliyunKMSFullAccess";

    private readonly TestKms _kms = fixture.Kms;
    private readonly string _name = "u" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>Two silos, with a CMK that lives on each: what one of them knows, the other one has to forget.</summary>
    public sealed class Fixture(TokenFixture token) : IAsyncLifetime
    {
        internal TestKms Kms { get; private set; } = null!;
        internal List<Guid> Keys { get; } = [];

        public async Task InitializeAsync()
        {
            var rootKeys = Path.Combine(token.NewFolder(), "root.keys");
            // Both silos use one folder, and each block of their trails would wait 150 ms for the file that the other one writes.
            var options = new KmsOptions { RootKeyFile = rootKeys, Trail = { Enabled = false } };
            Kms = await TestKms.Start(token, token.NewFolder(), silo => silo.Services.AddSingleton(Options.Create(options)), rootKeyFile: rootKeys, silos: 2);
            Kms.SignIn();
            foreach (var silo in Kms.Silos)
            {
                RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.GetRequiredService<ILocalSiloDetails>().SiloAddress);
                Keys.Add((await Kms.Directory().CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, ""))).KeyId);
            }
            RequestContext.Clear();
        }

        public async Task DisposeAsync() => await Kms.DisposeAsync();
    }

    [Fact]
    public async Task A_user_without_policies_may_do_nothing()
    {
        var token = await _kms.CreateUser(_name);
        await AssertRefused(token);
        token.Attach();
        await AssertFails(KmsErrorCode.NoPermission, () => _kms.Directory().ListKeys(new(1, 10), KeyFilter.All));
        await AssertFails(KmsErrorCode.NoPermission, () => _kms.Directory().CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "")));
        await AssertFails(KmsErrorCode.NoPermission, () => _kms.Directory().DescribeService());
        await AssertFails(KmsErrorCode.RamNoPermission, () => _kms.Users.GetUser(_name));
        await AssertFails(KmsErrorCode.RamNoPermission, () => _kms.Users.CreateAccessKey(null));
        Assert.Equal(IdentityType.RamUser, (await _kms.Grains.GetGrain<IStsGrain>(TestKms.Account).GetCallerIdentity()).Type);
    }

    [Fact]
    public async Task A_policy_counts_from_its_attachment_to_its_detachment()
    {
        var token = await _kms.CreateUser(_name);
        await AssertRefused(token);
        await AsRoot(() => _kms.Policies.AttachPolicyToUser(PolicyType.System, AllOfKms, _name));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Policies.DetachPolicyFromUser(PolicyType.System, AllOfKms, _name));
        await AssertRefused(token);
    }

    [Fact]
    public async Task A_groups_policies_count_while_one_is_its_member()
    {
        var token = await _kms.CreateUser(_name);
        await AsRoot(() => _kms.Groups.CreateGroup(_name, null));
        await AsRoot(() => _kms.Policies.AttachPolicyToGroup(PolicyType.System, AllOfKms, _name));
        await AssertRefused(token);
        await AsRoot(() => _kms.Groups.AddUserToGroup(_name, _name));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Groups.RemoveUserFromGroup(_name, _name));
        await AssertRefused(token);
        await AsRoot(() => _kms.Groups.AddUserToGroup(_name, _name));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Policies.DetachPolicyFromGroup(PolicyType.System, AllOfKms, _name));
        await AssertRefused(token);
    }

    [Fact]
    public async Task The_default_version_of_a_policy_counts()
    {
        var token = await _kms.CreateUser(_name);
        await AsRoot(() => _kms.Policies.CreatePolicy(_name, Document("Allow", "kms:Encrypt"), null));
        await AsRoot(() => _kms.Policies.AttachPolicyToUser(PolicyType.Custom, _name, _name));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Policies.CreatePolicyVersion(_name, Document("Allow", "kms:Decrypt"), setAsDefault: false, rotate: false));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Policies.SetDefaultPolicyVersion(_name, "v2"));
        await AssertRefused(token);
        await AsRoot(() => _kms.Policies.CreatePolicyVersion(_name, Document("Allow", "kms:*"), setAsDefault: true, rotate: false));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Policies.DeletePolicy(_name, cascading: true));
        await AssertRefused(token);
    }

    [Fact]
    public async Task A_deny_counts_from_its_attachment()
    {
        var token = await _kms.CreateUser(_name);
        await AsRoot(() => _kms.Policies.AttachPolicyToUser(PolicyType.System, AllOfKms, _name));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Policies.CreatePolicy(_name, Document("Deny", "kms:Encrypt"), null));
        await AsRoot(() => _kms.Policies.AttachPolicyToUser(PolicyType.Custom, _name, _name));
        await AssertRefused(token);
    }

    [Fact]
    public async Task An_access_key_that_is_switched_off_or_removed_ends_its_tokens()
    {
        var token = await _kms.CreateUser(_name);
        await AsRoot(() => _kms.Policies.AttachPolicyToUser(PolicyType.System, AllOfKms, _name));
        await AssertAllowed(token);
        _kms.SignIn();
        var id = (await _kms.Users.ListAccessKeys(_name)).Single().AccessKeyId;
        await AsRoot(() => _kms.Users.UpdateAccessKey(_name, id, isActive: false));
        await AssertRefused(token, KmsErrorCode.AccessKeyInactive);
        await AsRoot(() => _kms.Users.UpdateAccessKey(_name, id, isActive: true));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Users.DeleteAccessKey(_name, id));
        await AssertRefused(token, KmsErrorCode.AccessKeyNotFound);
    }

    [Fact]
    public async Task Policies_that_name_a_user_follow_its_name()
    {
        var token = await _kms.CreateUser(_name);
        await AsRoot(() => _kms.Policies.CreatePolicy(_name, Document("Allow", "kms:*", "{\"StringLike\":{\"acs:PrincipalARN\":\"*:user/" + _name + "\"}}"), null));
        await AsRoot(() => _kms.Policies.AttachPolicyToUser(PolicyType.Custom, _name, _name));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Users.UpdateUser(_name, new(_name + "x")));
        await AssertRefused(token);
    }

    [Fact]
    public async Task A_session_ends_with_its_role()
    {
        var token = await Session();
        await AsRoot(() => _kms.Policies.AttachPolicyToRole(PolicyType.System, AllOfKms, _name));
        await AssertAllowed(token);
        await AsRoot(() => _kms.Policies.DetachPolicyFromRole(PolicyType.System, AllOfKms, _name));
        await AssertRefused(token);
        await AsRoot(() => _kms.Roles.DeleteRole(_name));
        await AssertRefused(token, KmsErrorCode.InvalidSecurityToken);
        await AsRoot(() => _kms.Roles.CreateRole(_name, new(Trust)));
        await AsRoot(() => _kms.Policies.AttachPolicyToRole(PolicyType.System, AllOfKms, _name));
        await AssertRefused(token, KmsErrorCode.InvalidSecurityToken);
    }

    [Theory]
    [InlineData("kms:Encrypt", true)]
    [InlineData("kms:Decrypt", false)]
    public async Task A_session_policy_leaves_of_the_roles_rights_what_it_allows(string allowed, bool isAllowed)
    {
        var token = await Session(Document("Allow", allowed));
        await AssertRefused(token);
        await AsRoot(() => _kms.Policies.AttachPolicyToRole(PolicyType.System, AllOfKms, _name));
        await (isAllowed ? AssertAllowed(token) : AssertRefused(token));
    }

    [Fact]
    public async Task No_call_that_starts_after_a_change_is_judged_by_the_old_state_while_many_call()
    {
        var token = await _kms.CreateUser(_name);
        using var ended = new CancellationTokenSource();
        var answered = 0;
        var callers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            token.Attach();
            while (!ended.IsCancellationRequested)
            {
                // Whether the change that allows, or the one that refuses, had answered before the call began.
                var before = Volatile.Read(ref answered);
                var isAllowed = await IsAllowed(fixture.Keys[i % fixture.Keys.Count]);
                if (Volatile.Read(ref answered) == before && before > 0) Assert.Equal(before % 2 == 1, isAllowed);
            }
        })).ToArray();
        for (var change = 1; change <= 100; change++)
        {
            _kms.SignIn();
            // Odd and half way: a call that begins now may be judged either way, which the callers see by the number that is not the same any more.
            Volatile.Write(ref answered, -change);
            if (change % 2 == 1) await _kms.Policies.AttachPolicyToUser(PolicyType.System, AllOfKms, _name);
            else await _kms.Policies.DetachPolicyFromUser(PolicyType.System, AllOfKms, _name);
            Volatile.Write(ref answered, change);
            token.Attach();
            foreach (var key in fixture.Keys) Assert.Equal(change % 2 == 1, await IsAllowed(key));
        }
        await ended.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task The_algorithm_of_ReEncrypt_is_for_each_key_its_own()
    {
        var token = await _kms.CreateUser(_name);
        await AsRoot(() => _kms.Policies.CreatePolicy(_name + "a", Document("Allow", "kms:ReEncryptFrom", """{"StringEquals":{"kms:EncryptionAlgorithm":"RSAES_OAEP_SHA_256"}}"""), null));
        await AsRoot(() => _kms.Policies.CreatePolicy(_name + "b", Document("Allow", "kms:ReEncryptTo", """{"StringEquals":{"kms:EncryptionAlgorithm":"SYMMETRIC_DEFAULT"}}"""), null));
        foreach (var policy in new[] { "a", "b" }) await AsRoot(() => _kms.Policies.AttachPolicyToUser(PolicyType.Custom, _name + policy, _name));
        _kms.SignIn();
        var pair = (await _kms.Directory().CreateKey(new(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, ""))).KeyId;
        token.Attach();
        foreach (var (algorithm, code) in new[] { (EncryptionAlgorithm.RsaesOaepSha256, KmsErrorCode.KeyVersionNotFound), (EncryptionAlgorithm.RsaesOaepSha1, KmsErrorCode.NoPermission) })
        {
            await AssertFails(code, async () => await _kms.DataKeys(pair).ReEncryptAsymmetric(Guid.NewGuid(), algorithm, new byte[256], fixture.Keys[0], EncryptionContext.Empty));
        }
    }

    [Fact]
    public async Task A_tag_that_is_null_fulfils_no_condition()
    {
        var token = await _kms.CreateUser(_name);
        await AsRoot(() => _kms.Policies.CreatePolicy(_name, Document("Allow", "kms:*", """{"StringEquals":{"acs:RequestTag/a":"b"}}"""), null));
        await AsRoot(() => _kms.Policies.AttachPolicyToUser(PolicyType.Custom, _name, _name));
        token.Attach();
        await AssertFails(KmsErrorCode.NoPermission, () => _kms.Labels(fixture.Keys[0]).AddTags([null!]));
        await AssertFails(KmsErrorCode.InvalidTagKey, () => _kms.Labels(fixture.Keys[0]).AddTags([null!, new("a", "b")]));
    }

    // Direct callers could name a million, each of which would be asked for its tags.
    [Fact]
    public async Task More_keys_than_a_call_may_name_are_refused_before_they_are_looked_at()
    {
        var token = await _kms.CreateUser(_name);
        token.Attach();
        Guid[] ids = [.. Enumerable.Range(0, TagQuery.MaxResources + 1).Select(_ => Guid.NewGuid())];
        foreach (var (count, code) in new[] { (TagQuery.MaxResources, KmsErrorCode.TagResourceNotFound), (ids.Length, KmsErrorCode.InvalidParameter) })
        {
            await AssertFails(code, () => _kms.Directory().TagResources(ids[..count], [new("a", "b")]));
            await AssertFails(code, () => _kms.Directory().UntagResources(ids[..count], ["a"], all: false));
            await AssertFails(code, () => _kms.Directory().ListTagResources(new(ids[..count], [], null)));
        }
    }

    private static string Trust => """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}""";

    private static string Document(string effect, string action, string condition = "{}") => condition == "{}"
        ? $$"""{"Version":"1","Statement":[{"Effect":"{{effect}}","Action":"{{action}}","Resource":"*"}]}"""
        : $$"""{"Version":"1","Statement":[{"Effect":"{{effect}}","Action":"{{action}}","Resource":"*","Condition":{{condition}}}]}""";

    private async Task<CallerToken> Session(string? policy = null)
    {
        _kms.SignIn();
        var role = await _kms.Roles.CreateRole(_name, new(Trust));
        return _kms.Token("STS." + _name, null, new(role.RoleId, "session", policy));
    }

    private Task AsRoot(Func<Task> change)
    {
        _kms.SignIn();
        return change();
    }

    // On all silos, whatever each knew before.
    private async Task AssertAllowed(CallerToken token)
    {
        token.Attach();
        foreach (var key in fixture.Keys) await _kms.Key(key).Encrypt([1], EncryptionContext.Empty);
        Assert.All(_kms.Silos, silo => Assert.True(Knows(silo, token)));
    }

    private static bool Knows(IServiceProvider silo, CallerToken token) =>
        silo.GetRequiredService<CallerTokenSeal>().TryOpen(token, out var caller) && silo.GetRequiredService<RightsCache>().TryGet(caller, out _);

    private async Task AssertRefused(CallerToken token, KmsErrorCode code = KmsErrorCode.NoPermission)
    {
        token.Attach();
        foreach (var key in fixture.Keys) await AssertFails(code, async () => await _kms.Key(key).Encrypt([1], EncryptionContext.Empty));
    }

    private async Task<bool> IsAllowed(Guid key)
    {
        try { await _kms.Key(key).Encrypt([1], EncryptionContext.Empty); }
        catch (KmsException e) when (e.Code == KmsErrorCode.NoPermission) { return false; }
        return true;
    }

    private static async Task AssertFails(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);
}
