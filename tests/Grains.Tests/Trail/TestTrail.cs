using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>A writer on a trail, with a clock that tests move.</summary>
internal sealed class TestTrail : IAsyncDisposable
{
    public const long Account = 1000000000000001;
    public const long Stranger = 2000000000000002;
    public static readonly DateTimeOffset Begin = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public TestTrail(ITrailHome home, FakeTimeProvider? clock = null, string name = "silo", int timeoutSeconds = 5) : this(new TrailDatabase(home.Source(timeoutSeconds)), clock, name)
    {
    }

    public TestTrail(TrailDatabase database, FakeTimeProvider? clock = null, string name = "silo")
    {
        Clock = clock ?? new(Begin);
        Database = database;
        var options = new KmsOptions { Trail = { WriterName = name } };
        Writer = new(Database, Options.Create(options), new(_services.GetRequiredService<IMeterFactory>()), Clock, Log);
    }

    public FakeTimeProvider Clock { get; }

    public TrailDatabase Database { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public TrailWriter Writer { get; }

    public LineLogger<TrailWriter> Log { get; } = new();

    /// <summary>An event of that number, as the service makes them as far as the trail looks at them.</summary>
    public TrailEvent Event(int number, long account = Account, TimeSpan after = default, Guid? change = null, Guid? id = null, UsedNonce? nonce = null, params TrailTerm[] terms)
    {
        var time = Clock.GetUtcNow() + after;
        var own = id ?? Guid.CreateVersion7(time);
        var json = $$"""{"eventId":"{{own.ToString("D").ToUpperInvariant()}}","eventTime":"{{time:yyyy-MM-ddTHH:mm:ssZ}}","number":{{number}},"recipientAccountId":"{{account:D16}}"}""";
        return new(account, time, own, Encoding.UTF8.GetBytes(json), terms) { Change = change, Nonce = nonce };
    }

    public async Task Record(int number) => await Writer.Record(Event(number));

    /// <summary>Keeps the writer from its next block until it is disposed of.</summary>
    public IDisposable Hold()
    {
        var held = new HeldWriter(Writer);
        held.WaitUntilItHangs();
        return held;
    }

    /// <summary>Keeps the writer in the middle of the block that takes what is added now, until it is disposed of.</summary>
    public HeldWriter HangNext() => new(Writer);

    public List<T> Rows<T>(string sql, Func<System.Data.Common.DbDataReader, T> row)
    {
        using var connection = Database.Source.OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql(sql).Rows(row);
    }

    public long Number(string sql) => Rows(sql, row => Convert.ToInt64(row.GetValue(0), null)).Single();

    /// <summary>The events that are there, block by block in the order of the chains.</summary>
    public List<string[]> Blocks() => Rows("SELECT body FROM kms_trail_block ORDER BY chain, number",
        row => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(0)).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The numbers of the events that are there.</summary>
    public List<int> Numbers() => [.. Blocks().SelectMany(block => block).Select(json => System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("number").GetInt32())];

    public void Execute(string sql) => Execute(Database.Source, sql);

    public static void Execute(System.Data.Common.DbDataSource source, string sql)
    {
        using var connection = source.OpenConnection();
        using var command = connection.CreateCommand();
        command.Sql(sql).ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await _services.DisposeAsync();
    }

    internal sealed class HeldWriter : IDisposable
    {
        private readonly ManualResetEventSlim _go = new();
        private readonly ManualResetEventSlim _hangs = new();

        public HeldWriter(TrailWriter writer) => _ = writer.Execute(_ =>
        {
            _hangs.Set();
            _go.Wait();
        });

        public void WaitUntilItHangs() => _hangs.Wait();

        public void Dispose() => _go.Set();
    }
}

/// <summary>Keeps the lines that were logged.</summary>
internal sealed class LineLogger<T> : ILogger<T>
{
    private readonly List<string> _lines = [];

    public List<string> Lines
    {
        get { lock (_lines) return [.. _lines]; }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines) _lines.Add(formatter(state, exception));
    }
}
