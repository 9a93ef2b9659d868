using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Micro;

/// <summary>
/// What the trail costs when it is empty and when it has millions of events: <c>dotnet run --project bench/Micro --configuration Release -- trail [EVENTS] [FOLDER]</c>.
/// The events are written by the writer itself, on a clock that goes through 90 days meanwhile, and only then with every commit on the disk.
/// </summary>
internal sealed class TrailScale(string folder, int events)
{
    private const int Callers = 64;
    private const int EventsPerBurst = 64;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(8);

    private readonly SqliteFile _file = new(Path.Combine(folder, "trail.db"), "Trail", 1);
    private readonly TrailSample _sample = new();

    public static async Task Run(string[] args)
    {
        var root = args.Length > 2 ? args[2] : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(root, $"kms-trail-{Environment.ProcessId}"));
        try { await new TrailScale(folder.FullName, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000_000).Run(); }
        finally { folder.Delete(recursive: true); }
    }

    private async Task Run()
    {
        var another = new SqliteFile(Path.Combine(folder, "another.db"), "Trail", 1);
        _file.EnsureSchema();
        another.EnsureSchema();
        TimeMaking();
        await Write("empty, the program cold", _file);
        var watch = Stopwatch.StartNew();
        await Fill();
        Console.WriteLine($"filled with {events} events in {watch.Elapsed.TotalSeconds:F0} s, {new FileInfo(_file.Path).Length >> 20} MiB");
        await Write("full", _file);
        await Write("another one, empty", another);
        await Read();
    }

    private static TrailWriter NewWriter(TimeProvider clock, DbDataSource source)
    {
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        return new(new(source), Options.Create(new KmsOptions()), new(services.GetRequiredService<IMeterFactory>()), clock, NullLogger<TrailWriter>.Instance);
    }

    private async Task Fill()
    {
        var clock = new RunningClock(TimeProvider.System.GetUtcNow().AddDays(-90));
        var step = TimeSpan.FromDays(89) * EventsPerBurst / events;
        await using var writer = NewWriter(clock, new HastySource(_file.ConnectionString + ";Pooling=False"));
        var waiting = new List<Task>();
        for (var made = 0; made < events; clock.Now += step)
        {
            for (var i = 0; i < EventsPerBurst && made < events; i++, made++) waiting.Add(writer.Record(_sample.Make(made, clock.Now)).AsTask());
            if (waiting.Count < 4096) continue;
            await Task.WhenAll(waiting);
            waiting.Clear();
        }
        await Task.WhenAll(waiting);
        await writer.DisposeAsync();
        // Else the next one's commits would wait for all that the disk does not have yet.
        using var file = File.OpenHandle(_file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    // Is in the figures of writing, too.
    private void TimeMaking()
    {
        var cpu = TimeSpan.Zero;
        for (var round = 0; round < 2; round++)
        {
            cpu = Process.GetCurrentProcess().TotalProcessorTime;
            for (var i = 0; i < 200_000; i++) _sample.Make(i, TimeProvider.System.GetUtcNow());
            cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        }
        Console.WriteLine($"making an event: {cpu.TotalMicroseconds / 200_000:F1} us CPU");
    }

    private async Task Write(string state, SqliteFile file)
    {
        await using var writer = NewWriter(TimeProvider.System, file.DataSource());
        var (written, until) = (0, Stopwatch.GetTimestamp() + (long)(Measured.TotalSeconds * Stopwatch.Frequency));
        var (cpu, blocks) = (Process.GetCurrentProcess().TotalProcessorTime, Count(file, "SELECT COALESCE(MAX(number), 0) FROM kms_trail_block"));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; Stopwatch.GetTimestamp() < until; i += Callers)
            {
                await writer.Record(_sample.Make(i, TimeProvider.System.GetUtcNow()));
                Interlocked.Increment(ref written);
            }
        })));
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        blocks = Count(file, "SELECT MAX(number) FROM kms_trail_block") - blocks;
        Console.WriteLine($"{state}: {written / Measured.TotalSeconds:F0} events/s by {Callers} callers, {cpu.TotalMicroseconds / written:F1} us CPU each, {(double)written / blocks:F1} a block");
    }

    private async Task Read()
    {
        var reader = new TrailReader(new(_file.DataSource()));
        await Time(reader, "no filter");
        await Time(reader, "frequent: EventName Encrypt", (TrailField.EventName, "Encrypt"));
        await Time(reader, "rare: User u7777", (TrailField.User, "u7777"));
        await Time(reader, "none: User nobody", (TrailField.User, "nobody"));
        await Time(reader, "two frequent: EventName Encrypt, SourceIpAddress 192.0.2.2", (TrailField.EventName, "Encrypt"), (TrailField.SourceIpAddress, "192.0.2.2"));
        await Time(reader, "frequent and rare: EventName Encrypt, User u7777", (TrailField.EventName, "Encrypt"), (TrailField.User, "u7777"));
        await Time(reader, "two that never meet: EventName Decrypt, User u0", (TrailField.EventName, "Decrypt"), (TrailField.User, "u0"));
        await Time(reader, "EventId", (TrailField.EventId, _sample.SomeId.ToString("D")));
    }

    private static async Task Time(TrailReader reader, string name, params (TrailField, string)[] filters)
    {
        var now = TimeProvider.System.GetUtcNow();
        var times = new List<double>();
        TrailPage? page = null;
        for (var i = 0; i < 11; i++)
        {
            var query = new TrailQuery(now.AddDays(-90), now, int.IsOddInteger(i), filters);
            var begin = Stopwatch.GetTimestamp();
            page = await reader.Lookup(TrailSample.Account, query, null, 50);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        Console.WriteLine($"{name}: {page!.Events.Count} events, first {times[0]:F1} ms, median {times.Order().ElementAt(5):F1} ms, longest {times.Max():F1} ms{(page.Next is null ? ", all" : "")}");
    }

    private static long Count(SqliteFile file, string sql)
    {
        using var connection = file.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    // Does not wait for the disk. Its connections are its own: a pooled one would take that along to who has it next.
    private sealed class HastySource(string connection) : DbDataSource
    {
        public override string ConnectionString => connection;

        protected override DbConnection CreateDbConnection() => new SqliteConnection(connection);

        protected override DbConnection OpenDbConnection()
        {
            var open = base.OpenDbConnection();
            using var command = open.CreateCommand();
            command.CommandText = "PRAGMA synchronous = OFF";
            command.ExecuteNonQuery();
            return open;
        }
    }

    private sealed class RunningClock(DateTimeOffset begin) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = begin;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
