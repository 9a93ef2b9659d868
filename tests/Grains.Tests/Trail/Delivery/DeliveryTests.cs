using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Grains.Tests.Trail.Reading;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Delivery;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail.Delivery;

public sealed class DeliveryTests : IAsyncLifetime
{
    private const string Bucket = "audit";
    private const string Name = "all-events";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("kms-trail-");
    private readonly S3Store _store = S3Store.Open();
    private string _folder = "";
    private TestKms _kms = null!;
    private TrailAccount _account = null!;

    public async Task InitializeAsync()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_root.FullName, "bucket")).FullName;
        await File.WriteAllTextAsync(Path.Combine(_root.FullName, "secret"), S3Store.Secret + "\n");
        await Start();
    }

    public async Task DisposeAsync()
    {
        await _kms.DisposeAsync();
        await _store.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_recorded_while_a_trail_logs_is_delivered_and_nothing_else()
    {
        await _account.Trails.CreateTrail(Name, new(OssBucketName: Bucket, OssKeyPrefix: "kms/of-me"));
        await _account.Record("ProbeBefore");
        await _account.Trails.StartLogging(Name);
        await _account.Record("ProbeFirst");
        await new TrailAccount(_kms, TestKms.Stranger).Record("ProbeForeign");
        await _account.Record("ProbeSecond");
        await _account.Trails.StopLogging(Name);
        await _account.Record("ProbeBetween");
        await _account.Trails.StartLogging(Name);
        await _account.Record("ProbeThird");
        await Delivered("ProbeFirst", "ProbeSecond", "ProbeThird");
        // Among them those of the trail's own calls.
        Assert.Contains("StartLogging", Names());
        Assert.All(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), file =>
            Assert.StartsWith(Path.Combine(_folder, "kms/of-me/AliyunLogs/Actiontrail/local-1/2026/03/01/Actiontrail_local-1_20260301"), file, StringComparison.Ordinal));
        var status = await _account.Trails.GetTrailStatus(Name);
        Assert.Equal((TrailState.Enable, null), (status.Trail.State, status.DeliveryError));
        Assert.NotNull(status.DeliveredAt);
        Assert.Single(_account.Deliveries());
    }

    [Fact]
    public async Task Events_wait_for_others_and_come_in_one_object()
    {
        await StartTrail();
        var before = Files();
        for (var i = 0; i < 20; i++) await _account.Record($"Probe{i}");
        await _account.Deliver();
        Assert.Equal(before, Files());
        await Delivered([.. Enumerable.Range(0, 20).Select(i => $"Probe{i}")]);
        Assert.Equal(before + 1, Files());
    }

    [Fact]
    public async Task Class_and_region_choose()
    {
        await _account.Trails.CreateTrail("writing", new(OssBucketName: Bucket, EventRW: "Write", TrailRegion: "far-1"));
        await _account.Trails.StartLogging("writing");
        await _account.Record("ProbeRead", "Read", isGlobal: true);
        await _account.Record("ProbeHere", "Write");
        await _account.Record("ProbeGlobal", "Write", isGlobal: true);
        await _account.Record("ProbeFar", "Write", region: "far-1");
        await Delivered("ProbeGlobal", "ProbeFar");
    }

    [Fact]
    public async Task A_change_counts_from_its_moment_on_and_what_was_before_goes_where_it_was_to_go()
    {
        await StartTrail("prefix-one");
        await _account.Record("ProbeOne");
        await _account.Trails.UpdateTrail(Name, new(OssKeyPrefix: "prefix-two", EventRW: "Write"));
        await _account.Record("ProbeRead");
        await _account.Record("ProbeTwo", "Write");
        await Delivered("ProbeOne", "ProbeTwo");
        Assert.Contains("ProbeOne", Names("prefix-one"));
        Assert.Contains("ProbeTwo", Names("prefix-two"));
    }

    [Fact]
    public async Task A_removed_trail_delivers_what_was_recorded_before()
    {
        await StartTrail();
        await _account.Record("ProbeLast");
        await _account.Trails.DeleteTrail(Name);
        await _account.Record("ProbeAfter");
        await Delivered("ProbeLast");
        await Until.True(() => Task.FromResult(_account.Deliveries().Count == 0));
        Assert.Empty(await _account.Trails.DescribeTrails(null));
    }

    [Fact]
    public async Task A_restart_goes_on_where_the_last_object_ended()
    {
        await StartTrail();
        await _account.Record("ProbeOne");
        await Delivered("ProbeOne");
        await _account.Record("ProbeTwo");
        await _account.Deliver();
        await Start();
        await _account.Record("ProbeThree");
        await Delivered("ProbeOne", "ProbeTwo", "ProbeThree");
    }

    [Fact]
    public async Task Many_events_do_not_wait_and_come_in_objects_of_five_thousand()
    {
        await StartTrail();
        var before = Files();
        await Task.WhenAll(Enumerable.Range(0, 6000).Select(i => _account.Record($"Probe{i}")));
        await Until.True(async () =>
        {
            await _account.Deliver();
            return Files() > before;
        });
        var first = Names().Count(name => name.StartsWith("Probe", StringComparison.Ordinal));
        Assert.InRange(first, 4400, DeliveryBatch.MaxEvents);
        await Delivered([.. Enumerable.Range(0, 6000).Select(i => $"Probe{i}")]);
    }

    [Fact]
    public async Task A_store_gets_signed_objects_with_nothing_that_others_do_not_know()
    {
        await StartTrail("prefix-s3", "store");
        await _account.Record("ProbeOne");
        await Delivered("ProbeOne");
        Assert.Null(_store.Fault);
        Assert.All(_store.Objects.Keys, path => Assert.StartsWith("/store/prefix-s3/AliyunLogs/Actiontrail/local-1/2026/03/01/", path, StringComparison.Ordinal));
        Assert.DoesNotContain(_store.Headers, name => name.StartsWith("x-amz-checksum", StringComparison.OrdinalIgnoreCase) || name.Equals("x-amz-trailer", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("x-amz-sdk-checksum", StringComparison.OrdinalIgnoreCase) || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("Content-MD5", _store.Headers);
    }

    [Fact]
    public async Task A_store_that_refuses_is_tried_again_until_it_does_not()
    {
        await StartTrail("prefix-s3", "store");
        _store.Mood = StoreMood.Refusing;
        await _account.Record("ProbeOne");
        await Failed("refused the object (403 AccessDenied)");
        await _account.Record("ProbeTwo");
        _store.Mood = StoreMood.Willing;
        await Delivered("ProbeOne", "ProbeTwo");
        Assert.Null((await _account.Trails.GetTrailStatus(Name)).DeliveryError);
    }

    [Fact]
    public async Task A_store_that_hangs_keeps_no_call_waiting()
    {
        await StartTrail("prefix-s3", "store");
        await _account.Trails.CreateTrail("beside", new(OssBucketName: Bucket, EventRW: "Write"));
        await _account.Trails.StartLogging("beside");
        _store.Mood = StoreMood.Hanging;
        await _account.Record("ProbeOne", "Write");
        await _account.Deliver();
        _kms.Clock.Advance(TimeSpan.FromSeconds(1));
        var delivering = _account.Deliver();
        await _store.Hangs;
        // Nobody else waits for it, and another trail's bucket is not that one.
        await _account.Record("ProbeTwo", "Write");
        await Until.True(() => Task.FromResult(FolderNames().Contains("ProbeOne")));
        _kms.Clock.Advance(TrailBuckets.WriteTime);
        await delivering;
        await Until.True(async () => (await _account.Trails.GetTrailStatus(Name)).DeliveryError == "The bucket does not take objects in time.");
        _store.Mood = StoreMood.Willing;
        await Until.True(async () =>
        {
            await Tick();
            return Events(_store).Contains("ProbeTwo");
        });
    }

    // No JSON, and no UTF-8.
    [Theory, InlineData("23"), InlineData("3A22FF222C2278223A")]
    public async Task What_was_altered_and_cannot_be_read_is_left_out_of_lookups_and_deliveries(string inserted)
    {
        await StartTrail();
        await _account.Record("ProbeFirst");
        await _account.Record("ProbeAltered");
        await _account.Record("ProbeLast");
        TestTrail.Execute(
            _kms.Folder.Trail.DataSource(),
            $"UPDATE kms_trail_block SET body = CAST(replace(CAST(body AS TEXT), '\"eventName\":\"ProbeAltered\"', '\"eventName\"' || X'{inserted}' || '\"ProbeAltered\"') AS BLOB)");
        await Delivered("ProbeFirst", "ProbeLast");
        var found = TrailAccount.Names(await _account.Lookup()).Where(name => name.StartsWith("Probe", StringComparison.Ordinal));
        Assert.Equal(["ProbeLast", "ProbeFirst"], found);
    }

    [Fact]
    public async Task A_bucket_of_other_accounts_is_not_there()
    {
        var unknown = await Assert.ThrowsAsync<KmsException>(() => _account.Trails.CreateTrail(Name, new(OssBucketName: "of-nobody")));
        var foreign = await Assert.ThrowsAsync<KmsException>(() => _account.Trails.CreateTrail(Name, new(OssBucketName: "of-stranger")));
        Assert.Equal(unknown.Message.Replace("of-nobody", "of-stranger", StringComparison.Ordinal), foreign.Message);
        Assert.Equal(0, Files());
        await new TrailAccount(_kms, TestKms.Stranger).Trails.CreateTrail(Name, new(OssBucketName: "of-stranger"));
        Assert.Equal(1, Files());
    }

    [Fact]
    public async Task A_trail_needs_a_bucket_that_the_operator_has_named_and_that_can_be_written()
    {
        Assert.Equal("InsufficientBucketPolicyException", await TrailAccount.Code(() => _account.Trails.CreateTrail(Name, new(OssBucketName: "unknown"))));
        _store.Mood = StoreMood.Refusing;
        Assert.Equal("InsufficientBucketPolicyException", await TrailAccount.Code(() => _account.Trails.CreateTrail(Name, new(OssBucketName: "store"))));
        _store.Mood = StoreMood.Willing;
        await _account.Trails.CreateTrail(Name, new(OssBucketName: "store"));
        Assert.Equal("[]", DeliveredObjectTests.Unzip(Assert.Single(_store.Objects.Values)));
        Directory.Delete(_folder, recursive: true);
        Assert.Equal("InsufficientBucketPolicyException", await TrailAccount.Code(() => _account.Trails.UpdateTrail(Name, new(OssBucketName: Bucket))));
        Assert.Equal("store", (await _account.Trails.DescribeTrails([Name]))[0].OssBucketName);
    }

    [Fact]
    public async Task Of_several_silos_one_delivers()
    {
        await StartTrail();
        await Start(silos: 2);
        await _account.Record("ProbeOne");
        await Delivered("ProbeOne");
        Assert.Equal(1, Names().Count(name => name == "ProbeOne"));
    }

    private async Task StartTrail(string prefix = "", string bucket = Bucket)
    {
        await _account.Trails.CreateTrail(Name, new(OssBucketName: bucket, OssKeyPrefix: prefix));
        await _account.Trails.StartLogging(Name);
    }

    // Again, if there is one already.
    private async Task Start(short silos = 1)
    {
        if (_kms is not null) await _kms.DisposeAsync();
        _kms = await ActionTrailFixture.Start(_root.FullName, Configure, silos);
        _account = new(_kms, TestKms.Account);
    }

    private void Configure(TrailOptions options) => options.Buckets =
    [
        new() { Name = Bucket, Folder = _folder },
        new() { Name = "of-stranger", Folder = _folder, Accounts = [TestKms.Stranger] },
        new() { Name = "store", Endpoint = _store.Endpoint, AccessKeyId = S3Store.AccessKeyId, AccessKeySecretFile = Path.Combine(_root.FullName, "secret") },
    ];

    private async Task Tick()
    {
        _kms.Clock.Advance(TimeSpan.FromSeconds(1));
        await _account.Deliver();
    }

    private async Task Delivered(params string[] expected)
    {
        await Until.True(async () =>
        {
            await Tick();
            return expected.All(Names().Contains);
        });
        Assert.Equal(expected.Order(StringComparer.Ordinal), Names().Where(name => name.StartsWith("Probe", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private Task Failed(string reason) => Until.True(async () =>
    {
        await Tick();
        return (await _account.Trails.GetTrailStatus(Name)).DeliveryError?.Contains(reason, StringComparison.Ordinal) == true;
    });

    private int Files() => Directory.GetFiles(_folder, "*.gz", SearchOption.AllDirectories).Length;

    private List<string> Names(string prefix = "") =>
        [.. FolderNames(prefix), .. _store.Objects.Where(entry => entry.Key.StartsWith($"/store/{prefix}", StringComparison.Ordinal)).SelectMany(entry => Events(entry.Value))];

    private IEnumerable<string> FolderNames(string prefix = "") =>
        Directory.GetFiles(Path.Combine(_folder, prefix), "*.gz", SearchOption.AllDirectories).SelectMany(file => Events(File.ReadAllBytes(file)));

    private static IEnumerable<string> Events(S3Store store) => store.Objects.Values.SelectMany(Events);

    private static IEnumerable<string> Events(byte[] content) =>
        JsonDocument.Parse(DeliveredObjectTests.Unzip(content)).RootElement.EnumerateArray().Select(e => e.GetProperty("eventName").GetString()!);
}
