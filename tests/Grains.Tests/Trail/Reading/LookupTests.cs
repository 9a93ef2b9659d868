using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail.Reading;

public sealed class LookupTests(ActionTrailFixture fixture) : IClassFixture<ActionTrailFixture>
{
    private readonly TestKms _kms = fixture.Kms;

    [Fact]
    public async Task Pages_hold_every_event_once_in_either_direction()
    {
        var account = await fixture.NewAccount();
        var expected = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            expected.Add($"Probe{i}");
            await account.Record(expected[^1]);
            _kms.Clock.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.Equal(expected, await Walk("FORWARD", 2));
        Assert.Equal(expected, await Walk("FORWARD", 50));
        expected.Reverse();
        Assert.Equal(expected, await Walk("BACKWARD", 3));
        Assert.Equal(expected, await Walk(null, 1));

        async Task<List<string>> Walk(string? direction, int max)
        {
            var (names, token) = (new List<string>(), (string?)null);
            var (start, end) = (_kms.Clock.GetUtcNow().AddHours(-1), _kms.Clock.GetUtcNow());
            do
            {
                var page = await account.Lookup(max, token, direction, start, end, ("User", "alice"));
                Assert.True(page.Events.Length <= max);
                names.AddRange(TrailAccount.Names(page));
                token = page.NextToken;
            }
            while (token is not null);
            return names;
        }
    }

    [Fact]
    public async Task An_account_sees_its_own_events_only_and_those_as_they_are_kept()
    {
        var (one, other) = (await fixture.NewAccount(), await fixture.NewAccount());
        await one.Record("ProbeOne");
        await other.Record("ProbeOther");
        var page = await one.Lookup(attributes: ("User", "alice"));
        Assert.Equal(["ProbeOne"], TrailAccount.Names(page));
        Assert.Contains($"\"recipientAccountId\":\"{one.Id}\"", TrailAccount.Text(page.Events[0]), StringComparison.Ordinal);
        Assert.Empty((await one.Lookup(attributes: ("EventName", "ProbeOther"))).Events);
        _kms.SignIn(other.Id);
        Assert.Equal("NoPermission", await TrailAccount.Code(() => _kms.Grains.GetGrain<IActionTrailGrain>(one.Id).LookupEvents(new(null, null, null, 1, null, []))));
    }

    [Fact]
    public async Task Without_times_the_last_week_is_looked_at()
    {
        var account = await fixture.NewAccount();
        var now = _kms.Clock.GetUtcNow();
        await account.Record("ProbeOld", at: now.AddDays(-7).AddSeconds(-1));
        await account.Record("ProbeEdge", at: now.AddDays(-7));
        var page = await account.Lookup(attributes: ("User", "alice"));
        Assert.Equal(["ProbeEdge"], TrailAccount.Names(page));
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(now.AddDays(-7).ToUnixTimeSeconds()), DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds())), (page.StartTime, page.EndTime));
        Assert.Equal(["ProbeEdge", "ProbeOld"], TrailAccount.Names(await account.Lookup(start: now.AddDays(-8), end: now, attributes: ("User", "alice"))));
    }

    [Fact]
    public async Task A_lookup_is_an_event_too_and_the_next_one_shows_it()
    {
        var account = await fixture.NewAccount();
        await account.Lookup();
        Assert.Contains("LookupEvents", TrailAccount.Names(await account.Lookup()));
    }

    [Fact]
    public async Task Pages_without_times_stay_with_the_window_of_the_first_one()
    {
        var account = await fixture.NewAccount();
        for (var i = 0; i < 3; i++) await account.Record($"Probe{i}");
        var first = await account.Lookup(1, attributes: ("User", "alice"));
        _kms.Clock.Advance(TimeSpan.FromMinutes(5));
        await account.Record("ProbeLate");
        var second = await account.Lookup(1, first.NextToken, attributes: ("User", "alice"));
        Assert.Equal((first.StartTime, first.EndTime), (second.StartTime, second.EndTime));
        var third = await account.Lookup(2, second.NextToken, null, first.StartTime, first.EndTime, ("User", "alice"));
        Assert.Equal(3, new[] { first, second, third }.SelectMany(TrailAccount.Names).Distinct().Count(name => name != "ProbeLate"));
        Assert.Null(third.NextToken);
    }

    [Fact]
    public async Task A_token_goes_with_its_query_and_account()
    {
        var (account, other) = (await fixture.NewAccount(), await fixture.NewAccount());
        for (var i = 0; i < 3; i++) await account.Record("Probe");
        var token = (await account.Lookup(1, attributes: ("User", "alice"))).NextToken!;
        var end = _kms.Clock.GetUtcNow();
        foreach (var call in new Func<Task>[]
        {
            () => account.Lookup(1, token),
            () => account.Lookup(1, token, attributes: ("User", "bob")),
            () => account.Lookup(1, token, attributes: [("User", "alice"), ("EventName", "Probe")]),
            () => account.Lookup(1, token, "FORWARD", attributes: ("User", "alice")),
            () => account.Lookup(1, token, start: end.AddDays(-6), end: end, attributes: ("User", "alice")),
            () => other.Lookup(1, token, attributes: ("User", "alice")),
            () => account.Lookup(1, token[..^1], attributes: ("User", "alice")),
            () => account.Lookup(1, token + "A", attributes: ("User", "alice")),
            () => account.Lookup(1, "1", attributes: ("User", "alice")),
        }) Assert.Equal("InvalidParameter.NextToken", await TrailAccount.Code(call));
        // More or fewer at a time are the same query.
        Assert.Equal(2, (await account.Lookup(50, token, "BACKWARD", attributes: ("User", "alice"))).Events.Length);
    }

    [Fact]
    public async Task Nothing_is_twenty_events()
    {
        var account = await fixture.NewAccount();
        for (var i = 0; i < 21; i++) await account.Record("Probe");
        Assert.Equal(20, (await account.Lookup(0, attributes: ("User", "alice"))).Events.Length);
        Assert.Equal("InvalidParameter.MaxResults", await TrailAccount.Code(() => account.Lookup(51)));
        Assert.Equal("InvalidParameter.MaxResults", await TrailAccount.Code(() => account.Lookup(-1)));
        Assert.Equal("InvalidParameter.Direction", await TrailAccount.Code(() => account.Lookup(1, direction: "forward")));
    }

    [Fact]
    public async Task Two_filters_hold_together()
    {
        var account = await fixture.NewAccount();
        await account.Record("ProbeA", "Write", "alice");
        await account.Record("ProbeA", "Read", "bob");
        await account.Record("ProbeB", "Write", "bob");
        Assert.Equal(["ProbeB", "ProbeA"], await Names(("EventRW", "Write"), ("ServiceName", "Kms")));
        Assert.Equal(["ProbeB"], await Names(("EventRW", "Write"), ("User", "bob")));
        // The later one of the same key counts, then the first two.
        Assert.Equal(["ProbeB"], await Names(("EventName", "ProbeA"), ("User", "bob"), ("EventName", "ProbeB")));
        Assert.Equal(["ProbeB"], await Names(("EventName", "ProbeB"), ("User", "bob"), ("EventRW", "Read")));

        async Task<string[]> Names(params (string, string)[] attributes) => [.. TrailAccount.Names(await account.Lookup(attributes: attributes)).Where(name => name.StartsWith("Probe", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task A_user_without_the_right_is_refused()
    {
        var token = await _kms.CreateUser("lookup");
        token.Attach();
        Assert.Equal("NoPermission", await TrailAccount.Code(() => _kms.Grains.GetGrain<IActionTrailGrain>(TestKms.Account).LookupEvents(new(null, null, null, 1, null, []))));
        _kms.SignIn();
        await _kms.Policies.AttachPolicyToUser(Orleans.Kms.Ram.PolicyType.System, "AliyunActionTrailReadOnlyAccess", "lookup");
        token.Attach();
        Assert.NotEmpty((await _kms.Grains.GetGrain<IActionTrailGrain>(TestKms.Account).LookupEvents(new(null, null, null, 1, null, []))).Events);
        Assert.Equal("NoPermission", await TrailAccount.Code(() => _kms.Grains.GetGrain<IActionTrailGrain>(TestKms.Account).DeleteTrail("a-trail")));
    }
}

public sealed class LookupRateTests : IDisposable
{
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-trail-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task So_many_lookups_a_second_and_no_more_for_each_account()
    {
        await using var kms = await ActionTrailFixture.Start(_root.FullName, options => options.LookupsPerSecond = 3);
        var (one, other) = (new TrailAccount(kms, TestKms.Account), new TrailAccount(kms, TestKms.Stranger));
        for (var i = 0; i < 3; i++) await one.Lookup();
        Assert.Equal("Throttling.User", await TrailAccount.Code(() => one.Lookup()));
        await other.Lookup();
        kms.Clock.Advance(TimeSpan.FromSeconds(1));
        await one.Lookup();
    }

    [Fact]
    public async Task So_many_at_once_and_no_more_for_each_account()
    {
        await using var kms = await ActionTrailFixture.Start(_root.FullName, _ => { });
        var (one, other) = (new TrailAccount(kms, TestKms.Account), new TrailAccount(kms, TestKms.Stranger));
        await one.Lookup();
        using var goOn = new ManualResetEventSlim();
        // All cores that there are for lookups.
        var held = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(_ => CoreShare.Search(() => goOn.Wait(TimeSpan.FromMinutes(1)))).ToList();
        var waiting = Enumerable.Range(0, 9).Select(_ => one.Lookup()).ToList();
        var refused = await Task.WhenAny(waiting);
        Assert.Equal("Throttling.User", await TrailAccount.Code(() => refused));
        waiting.Remove(refused);
        waiting.Add(other.Lookup());
        Assert.DoesNotContain(waiting, lookup => lookup.IsCompleted);
        goOn.Set();
        await Task.WhenAll(held);
        await Task.WhenAll(waiting);
        await one.Lookup();
    }

    [Fact]
    public void The_default_is_above_that_of_the_cloud_service() => Assert.Equal(20, new TrailOptions().LookupsPerSecond);
}
