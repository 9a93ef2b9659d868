using System.Data.Common;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Tests.Trail;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Grains.Tests.Setup;

/// <summary>The database of a cluster: its schema, its statements for Orleans, and the fence around members.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresDatabaseTests(PostgresServer server)
{
    private const string Cluster = "kms";
    private const int Active = 3;
    private const int Dead = 6;

    private static readonly SiloAddress Silo = SiloAddress.New(IPAddress.Loopback, 11111, 7);

    private readonly string _connection = server.NewSchema();

    private PostgresDatabase Database => new(_connection);

    [Fact]
    public void It_is_migrated_once_and_refused_before_that_and_when_it_is_newer()
    {
        Assert.Contains("kms-admin database migrate", Assert.Throws<StartupException>(Database.RequireSchema).Message, StringComparison.Ordinal);
        Assert.Contains("brought up to date", Database.Migrate(null), StringComparison.Ordinal);
        Database.RequireSchema();
        Assert.Contains("is up to date", Database.Migrate(null), StringComparison.Ordinal);
        Execute("UPDATE kms_schema SET version = version + 1 WHERE name = 'Trail'");
        Assert.Contains("newer version", Assert.Throws<StartupException>(Database.RequireSchema).Message, StringComparison.Ordinal);
        Assert.Contains("newer version", Assert.Throws<StartupException>(() => Database.Migrate(null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_may_migrate_it_at_once()
    {
        Parallel.For(0, 4, _ => Database.Migrate(null));
        Database.RequireSchema();
    }

    [Fact]
    public void The_role_of_gateways_reads_who_is_a_member_and_nothing_else()
    {
        var role = "gateway_" + Guid.NewGuid().ToString("N");
        Execute($"CREATE ROLE {role}; GRANT USAGE ON SCHEMA {new NpgsqlConnectionStringBuilder(_connection).SearchPath} TO {role}");
        Database.Migrate(role);
        Execute($"SET ROLE {role}; SELECT 1 FROM OrleansMembershipTable; SELECT 1 FROM OrleansQuery");
        foreach (var table in new[] { "kms_secret", "OrleansStorage", "kms_trail_block", "kms_ram_user" })
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, Assert.Throws<PostgresException>(() => Execute($"SET ROLE {role}; SELECT 1 FROM {table}")).SqlState);
        }
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, Assert.Throws<PostgresException>(() => Execute($"SET ROLE {role}; UPDATE OrleansMembershipTable SET Status = 6")).SqlState);
    }

    [Fact]
    public void A_state_is_written_by_whoever_knows_the_stored_version()
    {
        Database.Migrate(null);
        Join(Active);
        Assert.Equal(1, Write(null));
        Assert.Null(Write(null));
        Assert.Equal(2, Write(1));
        Assert.Null(Write(1));
        Assert.Equal(3, Clear(2));
        Assert.Null(Clear(2));
        Assert.Equal(4, Write(3));
    }

    [Fact]
    public void Of_many_that_make_a_state_at_once_one_does()
    {
        Database.Migrate(null);
        Join(Active);
        var made = 0;
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            if (Write(null) is not null) Interlocked.Increment(ref made);
        });
        Assert.Equal(1, made);
    }

    [Fact]
    public void A_silo_that_was_declared_dead_writes_no_state()
    {
        Database.Migrate(null);
        // Before it joins, it writes.
        Assert.Equal(1, Write(null));
        Join(Active);
        Assert.Equal(2, Write(1));
        Join(Dead);
        Assert.Equal("KM001", Assert.Throws<PostgresException>(() => Write(2)).SqlState);
        Assert.Equal("KM001", Assert.Throws<PostgresException>(() => Clear(2)).SqlState);
        // Its next start is another member.
        Assert.Equal(3, Write(2, SiloAddress.New(IPAddress.Loopback, 11111, 8)));
    }

    [Fact]
    public void Who_names_no_silo_writes_no_state()
    {
        Database.Migrate(null);
        using var source = Database.Source();
        using var command = source.CreateCommand("SELECT kms_require_member(FALSE)");
        Assert.Throws<PostgresException>(() => command.ExecuteNonQuery());
    }

    [Theory, InlineData(Dead), InlineData(null)]
    public async Task A_silo_that_is_no_member_any_more_changes_no_table_and_records_no_event(int? status)
    {
        Database.Migrate(null);
        Join(Active);
        using var source = Database.SourceOf(Cluster, Silo);
        var fence = await Joined();
        await using var writer = new BatchWriter(source, NullLogger<BatchWriter>.Instance, fence);
        await using var trail = new TestTrail(new TrailDatabase(source, Fence: fence));
        await writer.Execute(Probe);
        await trail.Record(1);
        await trail.Writer.Execute(static _ => { });

        if (status is { } left) Join(left);
        else Execute("DELETE FROM OrleansMembershipTable");
        foreach (var write in new Func<Task>[] { () => writer.Execute(Probe), () => trail.Record(2), () => trail.Writer.Execute(static _ => { }) })
        {
            Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(write)).Code);
        }
        Assert.Equal([1L], trail.Rows("SELECT SUM(events)::BIGINT FROM kms_trail_block", row => row.GetInt64(0)));

        // Were it a member again, it would write: nothing else keeps it.
        Execute("DELETE FROM OrleansMembershipTable");
        Join(Active);
        await writer.Execute(Probe);
        await trail.Record(3);
    }

    [Fact]
    public async Task A_silo_that_is_no_member_any_more_hears_so_whenever_it_asks()
    {
        Database.Migrate(null);
        Join(Active);
        using var source = Database.SourceOf(Cluster, Silo);
        var check = new MemberCheck(source, await Joined());
        for (var round = 0; round < 20; round++)
        {
            Join(Active);
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => check.Require()));
            // Those that are asked while the others' question is under way have one of their own.
            var before = check.Require();
            Join(Dead);
            var after = Enumerable.Range(0, 20).Select(_ => check.Require()).ToArray();
            foreach (var asked in after) Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => asked)).Code);
            await Task.WhenAny(before);
        }
        await new MemberCheck(source).Require();
    }

    [Fact]
    public void A_silo_that_was_declared_dead_changes_no_reminder()
    {
        Database.Migrate(null);
        Join(Active);
        Assert.Equal(0, Remind());
        Assert.Equal(1, Remind());
        Join(Dead);
        Assert.Equal("KM001", Assert.Throws<PostgresException>(() => Remind()).SqlState);
        Execute("DELETE FROM OrleansMembershipTable");
        Assert.Equal("KM001", Assert.Throws<PostgresException>(() => Remind()).SqlState);
    }

    [Fact]
    public void Silos_that_begin_at_once_make_what_is_missing_one_after_the_other()
    {
        using var source = Database.Source();
        var (inside, most) = (0, 0);
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, _ => PostgresDatabase.Alone(source, () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Execute("SELECT pg_sleep(0.05)");
            return Interlocked.Decrement(ref inside);
        }));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Writers_of_several_silos_take_turns()
    {
        Database.Migrate(null);
        Join(Active);
        using var source = Database.SourceOf(Cluster, Silo);
        var fence = await Joined();
        Execute("INSERT INTO kms_account (account_id) VALUES ('1')");
        await using var one = new BatchWriter(source, NullLogger<BatchWriter>.Instance, fence);
        await using var other = new BatchWriter(source, NullLogger<BatchWriter>.Instance, fence);
        // What a statement finds is true until it has written: without turns some would be lost.
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => (i % 2 == 0 ? one : other).Execute(static command =>
        {
            var keys = command.Sql("SELECT keys FROM kms_account WHERE account_id = '1'").Number();
            command.Sql("UPDATE kms_account SET keys = @keys WHERE account_id = '1'", ("@keys", keys + 1)).ExecuteNonQuery();
        })));
        Assert.Equal(400L, Execute("SELECT keys FROM kms_account"));
    }

    private static void Probe(DbCommand command) => command.Sql("INSERT INTO kms_probe (id, probed_at) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET probed_at = 2").ExecuteNonQuery();

    private static async Task<MemberFence> Joined()
    {
        var fence = new MemberFence();
        var start = new LifecycleStart();
        fence.Participate(start);
        await start.Run();
        return fence;
    }

    private void Join(int status) => Execute(
        $"""
        INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES ('{Cluster}') ON CONFLICT DO NOTHING;
        INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, StartTime, IAmAliveTime)
        VALUES ('{Cluster}', '{Silo.Endpoint.Address}', {Silo.Endpoint.Port}, {Silo.Generation}, 's', 'h', {status}, now(), now())
        ON CONFLICT (DeploymentId, Address, Port, Generation) DO UPDATE SET Status = excluded.Status
        """);

    private int? Write(int? version, SiloAddress? silo = null) => Run("WriteToStorageKey", version, silo ?? Silo);

    private int? Clear(int version) => Run("ClearStorageKey", version, Silo);

    // As Orleans' provider does it.
    private int? Run(string key, int? version, SiloAddress silo)
    {
        using var source = Database.SourceOf(Cluster, silo);
        using var connection = source.OpenConnection();
        using var command = connection.CreateCommand();
        var text = (string)command.Sql("SELECT QueryText FROM OrleansQuery WHERE QueryKey = @key", ("@key", key)).ExecuteScalar()!;
        return (int?)command.Sql(text,
            ("@GrainIdHash", 1), ("@GrainTypeHash", 2), ("@GrainIdN0", 3L), ("@GrainIdN1", 4L), ("@GrainTypeString", "key"), ("@GrainIdExtensionString", "a/b"), ("@ServiceId", "kms"),
            ("@GrainStateVersion", version is { } known ? known : DBNull.Value), ("@PayloadBinary", new byte[] { 1 })).ExecuteScalar();
    }

    private int? Remind()
    {
        using var source = Database.SourceOf(Cluster, Silo);
        using var connection = source.OpenConnection();
        using var command = connection.CreateCommand();
        var text = (string)command.Sql("SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'UpsertReminderRowKey'").ExecuteScalar()!;
        return (int?)command.Sql(text, ("@ServiceId", "kms"), ("@GrainId", "key/1"), ("@ReminderName", "due"), ("@StartTime", DateTime.UnixEpoch), ("@Period", 60_000L), ("@GrainHash", 1)).ExecuteScalar();
    }

    private object? Execute(string sql)
    {
        using var source = Database.Source();
        using var command = source.CreateCommand(sql);
        return command.ExecuteScalar();
    }

    private sealed class LifecycleStart : ISiloLifecycle
    {
        private readonly List<ILifecycleObserver> _observers = [];

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers.Add(observer);
            return new MemoryStream();
        }

        public async Task Run()
        {
            foreach (var observer in _observers) await observer.OnStart();
        }
    }
}
