using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Grains.Tests.Trail.Proof;

/// <summary>A silo whose trail is written and proven, with what tests do to both.</summary>
internal sealed class ProvenTrail : IAsyncDisposable
{
    private const long Account = 1000000000000001;

    private readonly TestKms _kms;
    private int _events;

    private ProvenTrail(TestKms kms, LogLines log) => (_kms, Log) = (kms, log);

    public TestKms Kms => _kms;

    /// <summary>What the silo said.</summary>
    public LogLines Log { get; }

    public TrailWriter Writer => _kms.Services.GetRequiredService<TrailWriter>();

    /// <summary>Starts a silo.</summary>
    /// <param name="token">The token.</param>
    /// <param name="folder">The data folder, perhaps that of an earlier one.</param>
    /// <param name="later">How much later than an earlier one.</param>
    /// <param name="rootKeyFile">Instead of a token.</param>
    /// <param name="hsm">Tokens of the test's own.</param>
    public static async Task<ProvenTrail> Start(TokenFixture token, string folder, TimeSpan later = default, string rootKeyFile = "", HsmOptions? hsm = null)
    {
        var log = new LogLines();
        var kms = await TestKms.Start(
            token, folder, silo => silo.Services.AddSingleton<ILoggerProvider>(log), clock => clock.Advance(later), rootKeyFile, hsm);
        var trail = new ProvenTrail(kms, log);
        // What the service signs at its start, by itself, is signed: from here on the test says when.
        await Until.True(() => Task.FromResult(trail.Rows("SELECT 1 FROM kms_trail_key", _ => 0).Count > 0));
        await trail.Sign();
        return trail;
    }

    /// <summary>Records so many events, each a block of its own; gives their ids.</summary>
    public async Task<Guid[]> Record(int count)
    {
        var ids = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            _kms.Clock.Advance(TimeSpan.FromMilliseconds(1));
            var now = _kms.Clock.GetUtcNow();
            ids[i] = Guid.CreateVersion7(now);
            await Writer.Record(new(Account, now, ids[i], Encoding.UTF8.GetBytes($$"""{"eventId":"{{ids[i].ToString().ToUpperInvariant()}}","number":{{++_events}}}"""), []));
        }
        return ids;
    }

    /// <summary>Records two events in one block, for the writer is held up while they come.</summary>
    public async Task RecordTogether()
    {
        using var isHeld = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var holding = Writer.Execute(_ =>
        {
            isHeld.Set();
            goOn.Wait();
        });
        isHeld.Wait();
        Task[] both = [Record(1), Record(1)];
        goOn.Set();
        await holding;
        await Task.WhenAll(both);
    }

    /// <summary>Signs what is not signed yet, as the service does every minute.</summary>
    public Task Sign() => _kms.Services.GetServices<IHostedService>().OfType<Checkpointing>().Single().Run();

    /// <summary>Rows of the trail's database.</summary>
    public List<T> Rows<T>(string sql, Func<System.Data.Common.DbDataReader, T> row)
    {
        using var connection = _kms.Folder.Trail.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql(sql).Rows(row);
    }

    /// <summary>The checkpoints in the database, chain by chain.</summary>
    public List<TrailCheckpoint> Checkpoints() => Rows("SELECT body FROM kms_trail_checkpoint ORDER BY chain, number", row => TrailCheckpoint.Read(row.GetFieldValue<byte[]>(0))!);

    /// <summary>Copies the trail's database aside, as it is now.</summary>
    public void CopyTo(string path)
    {
        using var connection = new SqliteConnection(_kms.Folder.Trail.ConnectionString);
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        copy.Open();
        connection.BackupDatabase(copy);
    }

    public ValueTask DisposeAsync() => _kms.DisposeAsync();
}
