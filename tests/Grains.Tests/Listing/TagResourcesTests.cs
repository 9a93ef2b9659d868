using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Listing;

[Collection(TokenTests.Name)]
public sealed class TagResourcesTests(TokenFixture token) : IAsyncLifetime
{
    private TestKms _kms = null!;
    private Guid[] _ids = [];

    public async Task InitializeAsync()
    {
        _kms = await TestKms.Start(token, token.NewFolder());
        var ids = new List<Guid>();
        for (var i = 0; i < 12; i++) ids.Add((await (await _kms.CreateKey()).Describe()).KeyId);
        _ids = [.. ids];
    }

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task Tags_are_added_to_all_and_removed_from_all()
    {
        _kms.SignIn();
        await _kms.Directory().TagResources(_ids[..3], [new("env", "prod"), new("team", "a")]);
        await _kms.Directory().TagResources([_ids[1]], [new("env", "test")]);
        Assert.Equal([(_ids[0], "env", "prod"), (_ids[0], "team", "a"), (_ids[1], "env", "test"), (_ids[1], "team", "a")], await List([_ids[0], _ids[1]]));
        Assert.Equal([(_ids[0], "env", "prod"), (_ids[0], "team", "a"), (_ids[2], "env", "prod"), (_ids[2], "team", "a")], await List([], new TagCondition("env", "prod")));
        Assert.Equal(2, (await List([_ids[2]], new TagCondition("team", null), new TagCondition("env", null))).Length);
        Assert.Empty(await List([_ids[1]], new TagCondition("env", "prod")));
        await _kms.Directory().UntagResources(_ids[..2], ["env", "absent"], all: false);
        Assert.Equal([(_ids[0], "team", "a"), (_ids[1], "team", "a"), (_ids[2], "env", "prod"), (_ids[2], "team", "a")], await List([]));
        await _kms.Directory().UntagResources(_ids[..3], [], all: true);
        Assert.Empty(await List([]));
    }

    [Fact]
    public async Task Nothing_is_tagged_if_one_cannot_be()
    {
        _kms.SignIn();
        await _kms.Lifecycle(_ids[1]).ScheduleDeletion(7);
        await Refused(KmsErrorCode.KeyPendingDeletion, () => _kms.Directory().TagResources(_ids[..2], [new("a", "b")]));
        await Refused(KmsErrorCode.TagResourceNotFound, () => _kms.Directory().TagResources([_ids[0], Guid.NewGuid()], [new("a", "b")]));
        await Refused(KmsErrorCode.TagResourceNotFound, () => _kms.Directory().ListTagResources(new([Guid.NewGuid()], [], null)));
        await Refused(KmsErrorCode.DuplicateTagKey, () => _kms.Directory().TagResources(_ids[..1], [new("a", "b"), new("a", "c")]));
        await Refused(KmsErrorCode.InvalidTagKey, () => _kms.Directory().TagResources(_ids[..1], [new("acs:a", "b")]));
        await Refused(KmsErrorCode.InvalidTagValue, () => _kms.Directory().TagResources(_ids[..1], [new("a", new('v', 257))]));
        await Refused(KmsErrorCode.InvalidParameter, () => _kms.Directory().TagResources([], [new("a", "b")]));
        await Refused(KmsErrorCode.InvalidParameter, () => _kms.Directory().TagResources(null!, [new("a", "b")]));
        await Refused(KmsErrorCode.InvalidParameter, () => _kms.Directory().TagResources(_ids[..1], null!));
        await Refused(KmsErrorCode.InvalidTagKey, () => _kms.Directory().TagResources(_ids[..1], [null!]));
        await Refused(KmsErrorCode.InvalidParameter, () => _kms.Directory().ListTagResources(new([], [null!], null)));
        await Refused(KmsErrorCode.InvalidParameter, () => _kms.Directory().ListKeys(new(1, 10), null!));
        Assert.Empty(await List([]));
    }

    [Fact]
    public async Task Nothing_is_untagged_if_one_cannot_be_and_named_keys_go_before_all()
    {
        _kms.SignIn();
        await _kms.Directory().TagResources(_ids[..2], [new("a", "1"), new("b", "2")]);
        await _kms.Lifecycle(_ids[1]).ScheduleDeletion(7);
        await Refused(KmsErrorCode.KeyPendingDeletion, () => _kms.Directory().UntagResources(_ids[..2], ["a"], all: false));
        await Refused(KmsErrorCode.TagResourceNotFound, () => _kms.Directory().UntagResources([_ids[0], Guid.NewGuid()], ["a"], all: false));
        Assert.Equal(2, (await List([_ids[0]])).Length);
        await _kms.Directory().UntagResources([_ids[0]], ["a"], all: true);
        Assert.Equal([(_ids[0], "b", "2")], await List([_ids[0]]));
    }

    [Theory, InlineData(50, KmsErrorCode.TagResourceNotFound), InlineData(51, KmsErrorCode.InvalidParameter)]
    public async Task How_many_keys_one_call_takes(int count, KmsErrorCode expected)
    {
        _kms.SignIn();
        Guid[] unknown = [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];
        await Refused(expected, () => _kms.Directory().TagResources(unknown, [new("a", "b")]));
        await Refused(expected, () => _kms.Directory().UntagResources(unknown, ["a"], all: false));
    }

    [Fact]
    public async Task A_page_that_is_full_and_the_last_has_no_successor()
    {
        _kms.SignIn();
        await _kms.Directory().TagResources(_ids[..10], [.. Enumerable.Range(0, 20).Select(i => new Tag($"k{i}", ""))]);
        var page = await _kms.Directory().ListTagResources(new([], [], null));
        Assert.Equal((200, null), (page.Tags.Length, page.NextToken));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repeat()
    {
        _kms.SignIn();
        var tags = Enumerable.Range(0, 20).Select(i => new Tag($"key-{i:D2}", "v")).ToArray();
        await _kms.Directory().TagResources(_ids, tags);
        var first = await _kms.Directory().ListTagResources(new([], [], null));
        Assert.Equal(200, first.Tags.Length);
        var second = await _kms.Directory().ListTagResources(new([], [], first.NextToken));
        Assert.Null(second.NextToken);
        Assert.Equal(_ids.SelectMany(id => tags.Select(tag => new ResourceTag(id, tag))), first.Tags.Concat(second.Tags));
        foreach (var bad in new[] { "%", "AAAA", "OjE" }) await Refused(KmsErrorCode.InvalidParameter, () => _kms.Directory().ListTagResources(new([], [], bad)));
    }

    private static async Task Refused(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);

    private async Task<(Guid, string, string)[]> List(Guid[] ids, params TagCondition[] conditions) =>
        [.. (await _kms.Directory().ListTagResources(new(ids, conditions, null))).Tags.Select(tag => (tag.KeyId, tag.Tag.Key, tag.Tag.Value))];
}
