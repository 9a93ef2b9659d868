using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Tests.Import;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Keys;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>Each change has its event, and what was not made has none, also where nobody hears how a write ended.</summary>
[Collection(TokenTests.Name)]
public sealed class ChangesTests(TokenFixture token) : Importing, IAsyncLifetime
{
    private static readonly (string?, bool) Failed = ("ServiceUnavailableTemporary", false);
    private static readonly (string?, bool) FailedInRam = ("ServiceUnavailable", false);
    private static readonly (string?, bool) Recovered = (null, true);
    private static readonly (string?, bool) Plain = (null, false);

    private readonly StorageFault _fault = new();
    private TestKms _kms = null!;

    private protected override TestKms Kms => _kms;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder(), _fault.Wrap);

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task A_change_that_was_answered_has_one_event_and_leaves_nothing()
    {
        var key = await _kms.CreateKey();
        await key.Disable();
        await Recover();
        Assert.Equal([Plain], await Recorded.Of(_kms, "CreateKey"));
        Assert.Equal([Plain], await Recorded.Of(_kms, "DisableKey"));
        Assert.Empty(await Left());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_key_tells_whether_a_change_that_seemed_to_fail_was_made(bool lands)
    {
        var key = await _kms.CreateKey();
        await Fails(lands, key.Disable);
        await _kms.Deactivate(key);
        Assert.Single(await Left());
        await Recover();
        Assert.Equal(lands ? [Failed, Recovered] : [Failed], await Recorded.Of(_kms, "DisableKey"));
        Assert.Empty(await Left());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Also_of_a_key_that_is_new(bool lands)
    {
        await Fails(lands, () => _kms.CreateKey());
        await Recover();
        Assert.Equal(lands ? [Failed, Recovered] : [Failed], await Recorded.Of(_kms, "CreateKey"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_alias_tells_it_of_its_removal(bool lands)
    {
        var key = await _kms.CreateKey();
        var alias = _kms.Alias("alias/a");
        await alias.Create((await key.Describe()).KeyId);
        await Fails(lands, alias.Delete);
        await _kms.Deactivate(alias);
        await Recover();
        Assert.Equal(lands ? [Failed, Recovered] : [Failed], await Recorded.Of(_kms, "DeleteAlias"));
        Assert.Equal([Plain], await Recorded.Of(_kms, "CreateAlias"));
    }

    // The state that could tell is another one by then.
    [Fact]
    public async Task What_a_change_left_is_judged_before_the_next_one_of_the_grain()
    {
        var key = await _kms.CreateKey();
        var alias = _kms.Alias("alias/a");
        await alias.Create((await key.Describe()).KeyId);
        await Fails(true, alias.Delete);
        await _kms.Deactivate(alias);
        await alias.Create((await key.Describe()).KeyId);
        await Fails(false, alias.Delete);
        await _kms.Deactivate(alias);
        await alias.Delete();
        await Recover();
        Assert.Equal([Failed, Failed, Plain, Recovered], await Recorded.Of(_kms, "DeleteAlias"));
        Assert.Equal([Plain, Plain], await Recorded.Of(_kms, "CreateAlias"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_access_key_tells_it(bool lands)
    {
        await _kms.CreateUser("alice");
        var id = (await _kms.Users.ListAccessKeys("alice")).Single().AccessKeyId;
        await Fails(lands, () => _kms.Users.UpdateAccessKey("alice", id, isActive: false));
        await Fails(lands, () => _kms.Users.DeleteAccessKey("alice", id));
        await Recover();
        Assert.Equal(lands ? [FailedInRam, Recovered] : [FailedInRam], await Recorded.Of(_kms, "UpdateAccessKey"));
        Assert.Equal(lands ? [FailedInRam, Recovered] : [FailedInRam], await Recorded.Of(_kms, "DeleteAccessKey"));
        Assert.Equal([Plain], await Recorded.Of(_kms, "CreateAccessKey"));
    }

    // What a process leaves that dies right after the tables were changed.
    [Theory, InlineData(false), InlineData(true)]
    public async Task RAM_tells_it_by_the_transaction_of_the_change(bool made)
    {
        _kms.SignIn();
        await _kms.Users.CreateUser(new RamUserSettings("alice"));
        var trail = _kms.Services.GetRequiredService<TrailWriter>();
        var draft = ChangeDraft.Of(_kms.Services.GetRequiredService<EventMaker>().OfService("CreateUser", TestKms.Account, _kms.Clock.GetUtcNow(), Guid.NewGuid()));
        if (made) await _kms.Services.GetRequiredService<Storage.BatchWriter>().Execute(command => Storage.ChangeTable.Add(command, draft.Change, _kms.Clock.GetUtcNow()));
        await trail.Intend(new(draft.Event(), _kms.Users.GetGrainId().ToString(), _kms.Clock.GetUtcNow(), Clears: false));
        await Recover();
        Assert.Equal(made ? 2 : 1, (await Recorded.Of(_kms, "CreateUser")).Count);
        Assert.Empty(await Left());
    }

    [Fact]
    public async Task What_may_be_under_way_is_left_alone()
    {
        var key = await _kms.CreateKey();
        await Fails(true, key.Disable);
        await _kms.Deactivate(key);
        await key.Enable();
        Assert.Equal([Failed], await Recorded.Of(_kms, "DisableKey"));
        Assert.True((await Left()).Single().TookPlace);
        _kms.Clock.Advance(Changes.LongestCall);
        _kms.SignIn();
        await key.Disable();
        Assert.Equal([Failed, Recovered, Plain], await Recorded.Of(_kms, "DisableKey"));
    }

    // One write makes both changes, and the process dies before either event.
    [Fact]
    public async Task A_change_and_the_expiry_that_it_comes_upon_are_both_told()
    {
        var id = await CreateKey(ProtectionLevel.Software);
        await Import(id, new byte[32], expiresAt: _kms.Clock.GetUtcNow().AddHours(2));
        _kms.Clock.Advance(TimeSpan.FromHours(2));
        _kms.SignIn();
        await Fails(true, () => _kms.Labels(id).AddTags([new("a", "b")]));
        await _kms.Deactivate(_kms.Key(id));
        await Recover();
        Assert.Equal([Failed, Recovered], await Recorded.Of(_kms, "TagResource"));
        Assert.Equal([Plain], await Recorded.Of(_kms, "ExpireKeyMaterial"));
        Assert.Empty(await Left());
    }

    [Fact]
    public async Task What_the_service_does_itself_has_events()
    {
        _kms.SignIn();
        var id = (await _kms.Directory().CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "", TimeSpan.FromDays(7)))).KeyId;
        _kms.Clock.Advance(TimeSpan.FromDays(7));
        await _kms.Sweep();
        _kms.SignIn();
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        _kms.Clock.Advance(TimeSpan.FromDays(7));
        await _kms.Sweep();
        foreach (var name in new[] { "RotateKey", "DestroyKey" })
        {
            var e = (await Recorded.All(_kms)).Single(e => Recorded.Text(e, "eventName") == name);
            Assert.Equal(("AliyunServiceEvent", id.ToString(), "system"), (Recorded.Text(e, "eventType"), Recorded.Text(e, "resourceName"), Recorded.Text(e.GetProperty("userIdentity"), "type")));
        }
        Assert.Empty(await Left());
    }

    [Fact]
    public async Task One_that_cannot_be_read_keeps_no_other_from_being_told()
    {
        var (unreadable, key) = (await _kms.CreateKey(), await _kms.CreateKey());
        await Fails(true, unreadable.Disable);
        TestTrail.Execute(_kms.Folder.Trail.DataSource(), "UPDATE kms_trail_intent SET event = substr(event, 1, 20)");
        await Fails(true, key.Disable);
        await _kms.Deactivate(key);
        await Recover();
        Assert.Equal([Failed, Failed, Recovered], await Recorded.Of(_kms, "DisableKey"));
        await _kms.Deactivate(unreadable);
        await unreadable.Enable();
        Assert.Equal([Plain], await Recorded.Of(_kms, "EnableKey"));
    }

    // An attempt that seems to fail and is tried by nobody else.
    private async Task Fails(bool lands, Func<Task> change)
    {
        (_fault.Active, _fault.Lands) = (true, lands);
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(change)).Code);
        _fault.Active = false;
        _kms.SignIn();
    }

    private Task Recover() => _kms.Services.GetRequiredService<IntentRecovery>().Run(_kms.Clock.GetUtcNow().AddSeconds(1));

    private async Task<IReadOnlyList<TrailIntent>> Left() => (await _kms.Services.GetRequiredService<TrailReader>().Intents(_kms.Clock.GetUtcNow().AddSeconds(1))).Left;
}
