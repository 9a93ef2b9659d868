using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail.Reading;

public sealed class TrailTests(ActionTrailFixture fixture) : IClassFixture<ActionTrailFixture>
{
    private const string Name = "a-trail";

    private readonly TestKms _kms = fixture.Kms;

    [Fact]
    public async Task A_trail_is_made_with_defaults_and_delivers_nothing()
    {
        var account = await fixture.NewAccount();
        var made = await account.Trails.CreateTrail(Name, new(OssBucketName: ActionTrailFixture.Bucket));
        Assert.Equal(
            new TrailDescription(Name, TrailState.Fresh, "All", "All", "local-1", $"acs:actiontrail:local-1:{account.Id}:trail/{Name}", ActionTrailFixture.Bucket, "", "", made.CreatedAt, made.CreatedAt, null, null), made);
        Assert.Equal([made], await account.Trails.DescribeTrails(null));
        Assert.Equal(new(made, null, null), await account.Trails.GetTrailStatus(Name));
        Assert.Empty(account.Deliveries());
    }

    [Fact]
    public async Task A_trail_is_made_as_it_is_wanted_and_changed()
    {
        var account = await fixture.NewAccount();
        var role = $"acs:ram::{account.Id}:role/aliyunactiontraildefaultrole";
        var made = await account.Trails.CreateTrail(Name, new("Write", "far-1", ActionTrailFixture.Bucket, "prefix-one", role));
        Assert.Equal(("Write", "far-1", "prefix-one", role), (made.EventRW, made.TrailRegion, made.OssKeyPrefix, made.OssWriteRoleArn));
        _kms.Clock.Advance(TimeSpan.FromSeconds(5));
        var changed = await account.Trails.UpdateTrail(Name, new(EventRW: "Read", OssKeyPrefix: ""));
        Assert.Equal(made with { EventRW = "Read", OssKeyPrefix = "", UpdatedAt = changed.UpdatedAt }, changed);
        Assert.True(changed.UpdatedAt > made.UpdatedAt);
        Assert.Equal([changed], await account.Trails.DescribeTrails([Name]));
    }

    [Fact]
    public async Task A_trail_starts_and_stops_and_says_when()
    {
        var account = await fixture.NewAccount();
        await account.Trails.CreateTrail(Name, new(OssBucketName: ActionTrailFixture.Bucket));
        await account.Trails.StopLogging(Name);
        Assert.Equal((TrailState.Fresh, null, null), await State());
        await account.Trails.StartLogging(Name);
        var (state, started, stopped) = await State();
        Assert.Equal((TrailState.Enable, true, null), (state, started is not null, stopped));
        _kms.Clock.Advance(TimeSpan.FromSeconds(5));
        // It does already.
        await account.Trails.StartLogging(Name);
        Assert.Equal((TrailState.Enable, started, null), await State());
        await account.Trails.StopLogging(Name);
        (state, _, stopped) = await State();
        Assert.Equal((TrailState.Disable, true), (state, stopped > started));

        async Task<(TrailState, DateTimeOffset?, DateTimeOffset?)> State()
        {
            var trail = (await account.Trails.GetTrailStatus(Name)).Trail;
            return (trail.State, trail.StartedAt, trail.StoppedAt);
        }
    }

    [Fact]
    public async Task Lists_leave_out_what_there_is_not()
    {
        var account = await fixture.NewAccount();
        await account.Trails.CreateTrail("trail-b", new(OssBucketName: ActionTrailFixture.Bucket));
        await account.Trails.CreateTrail("trail-a", new(OssBucketName: ActionTrailFixture.Bucket));
        Assert.Equal(["trail-a", "trail-b"], await Names(null));
        Assert.Equal(["trail-b"], await Names(["trail-b", "trail-c", "", "no name at all"]));
        Assert.Empty(await Names([]));
        Assert.Empty(await Names(["trail-c"]));
        Assert.Equal("InvalidParameter.NameList", await TrailAccount.Code(() => account.Trails.DescribeTrails([.. Enumerable.Repeat("a", 101)])));

        async Task<string[]> Names(string[]? list) => [.. (await account.Trails.DescribeTrails(list)).Select(trail => trail.Name)];
    }

    [Fact]
    public async Task A_trail_that_there_is_not_is_told()
    {
        var (account, other) = (await fixture.NewAccount(), await fixture.NewAccount());
        await other.Trails.CreateTrail(Name, new(OssBucketName: ActionTrailFixture.Bucket));
        foreach (var call in new Func<Task>[]
        {
            () => account.Trails.GetTrailStatus(Name), () => account.Trails.StartLogging(Name), () => account.Trails.StopLogging(Name), () => account.Trails.DeleteTrail(Name),
            () => account.Trails.UpdateTrail(Name, new(EventRW: "Read")),
        }) Assert.Equal("TrailNotFoundException", await TrailAccount.Code(call));
        Assert.Empty(await account.Trails.DescribeTrails([Name]));
    }

    [Fact]
    public async Task A_name_is_taken_until_its_trail_is_removed()
    {
        var account = await fixture.NewAccount();
        await account.Trails.CreateTrail(Name, new(OssBucketName: ActionTrailFixture.Bucket));
        Assert.Equal("TrailAlreadyExistsException", await TrailAccount.Code(() => account.Trails.CreateTrail(Name, new(OssBucketName: ActionTrailFixture.Bucket))));
        await account.Trails.DeleteTrail(Name);
        await account.Trails.CreateTrail(Name, new(OssBucketName: ActionTrailFixture.Bucket));
    }

    [Fact]
    public async Task There_may_be_five_trails_and_no_more()
    {
        var account = await fixture.NewAccount();
        for (var i = 0; i < 5; i++) await account.Trails.CreateTrail($"trail-{i}", new(OssBucketName: ActionTrailFixture.Bucket));
        Assert.Equal("MaximumNumberOfTrailsExceededException", await TrailAccount.Code(() => account.Trails.CreateTrail("trail-5", new(OssBucketName: ActionTrailFixture.Bucket))));
        await account.Trails.DeleteTrail("trail-0");
        await account.Trails.CreateTrail("trail-5", new(OssBucketName: ActionTrailFixture.Bucket));
    }

    public static TheoryData<string, string, TrailSettings> Refused => new()
    {
        { "MissingName", "", new() },
        { "InvalidTrailNameException", "Upper-case", new() },
        { "MissingOssBucketName", Name, new() },
        { "MissingOssBucketName", Name, new(OssBucketName: "") },
        { "InvalidBucketNameException", Name, new(OssBucketName: "../etc") },
        { "InvalidPrefixException", Name, new(OssBucketName: ActionTrailFixture.Bucket, OssKeyPrefix: "../../etc") },
        { "InvalidPrefixException", Name, new(OssBucketName: ActionTrailFixture.Bucket, OssKeyPrefix: "short") },
        { "InvalidParameter.EventRW", Name, new("write", OssBucketName: ActionTrailFixture.Bucket) },
        { "InvalidParameter.TrailRegion", Name, new(TrailRegion: "elsewhere", OssBucketName: ActionTrailFixture.Bucket) },
        { "InvalidParameter.OssWriteRoleArn", Name, new(OssBucketName: ActionTrailFixture.Bucket, OssWriteRoleArn: "role") },
        { "InvalidParameter.OssWriteRoleArn", Name, new(OssBucketName: ActionTrailFixture.Bucket, OssWriteRoleArn: "acs:ram::1:role/" + new string('a', 200)) },
        { "UnsupportedOperation", Name, new(OssBucketName: ActionTrailFixture.Bucket, IsOrganizationTrail: true) },
        { "UnsupportedOperation", Name, new(OssBucketName: ActionTrailFixture.Bucket, SlsProjectArn: "acs:log:a:1:project/b") },
        { "UnsupportedOperation", Name, new(SlsProjectArn: "acs:log:a:1:project/b") },
        { "UnsupportedOperation", Name, new(SlsWriteRoleArn: "acs:ram::1:role/a") },
        { "UnsupportedOperation", Name, new(MaxComputeProjectArn: "acs:odps:a") },
        { "UnsupportedOperation", Name, new(OssBucketName: ActionTrailFixture.Bucket, MaxComputeWriteRoleArn: "acs:ram::1:role/a") },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task Other_trails_are_refused_and_nothing_is_written(string code, string name, TrailSettings settings)
    {
        var account = await fixture.NewAccount();
        Assert.Equal(code, await TrailAccount.Code(() => account.Trails.CreateTrail(name, settings)));
        Assert.Empty(await account.Trails.DescribeTrails(null));
        if (code.StartsWith("Missing", StringComparison.Ordinal) || code == "InvalidTrailNameException") return;
        await account.Trails.CreateTrail(Name, new(OssBucketName: ActionTrailFixture.Bucket));
        Assert.Equal(code, await TrailAccount.Code(() => account.Trails.UpdateTrail(Name, settings)));
    }

    [Fact]
    public async Task Accounts_do_not_see_each_others_trails()
    {
        var account = await fixture.NewAccount();
        _kms.SignIn(TestKms.Stranger);
        Assert.Equal("NoPermission", await TrailAccount.Code(() => _kms.Grains.GetGrain<IActionTrailGrain>(account.Id).DescribeTrails(null)));
        Assert.Equal("NoPermission", await TrailAccount.Code(() => _kms.Grains.GetGrain<IActionTrailGrain>(account.Id).StopLogging(Name)));
    }
}
