using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Keys;
using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Admin;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Grains.Tests.Trail.Proof;

/// <summary>The trail in a backup that is taken while changes are made.</summary>
[Collection(TokenTests.Name)]
public sealed class TrailBackupTests(TokenFixture token)
{
    [Fact]
    public async Task Each_change_in_a_backup_has_its_event_or_its_intent_there_and_no_event_is_of_a_later_change()
    {
        await using var trail = await ProvenTrail.Start(token, token.NewFolder());
        using var ended = new CancellationTokenSource();
        var busy = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested) await trail.Kms.CreateKey(ProtectionLevel.Software);
        })).ToArray();
        var services = trail.Kms.Services;
        var backup = new FolderBackup(trail.Kms.Folder, services.GetRequiredKeyedService<GatedGrainStorage>(SiloSetup.GatedStorage), services.GetRequiredService<BatchWriter>(), trail.Kms.Clock);
        var checkedKeys = 0;
        try
        {
            for (var round = 0; round < 5; round++)
            {
                var to = Path.Combine(token.NewFolder(), "backup");
                await backup.Make(to, withToken: false, CancellationToken.None);
                checkedKeys += Check(to);
            }
        }
        finally { await ended.CancelAsync(); }
        await Task.WhenAll(busy);
        Assert.True(checkedKeys > 0);
    }

    private static int Check(string backup)
    {
        var grains = new SqliteFile(Path.Combine(backup, "grains.db"), "Grains", 1).DataSource();
        var keys = new StoredStates<KeyRecord>(grains, KeyRecord.StateName).Pages().SelectMany(page => page).Select(state => state.GrainKey).Where(key => key != TrailKey.GrainKey).ToHashSet();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(backup, "trail.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        var recorded = command.Sql($"SELECT {TrailBlock.Columns} FROM kms_trail_block").Rows(TrailBlock.Read)
            .SelectMany(block => block.Events()).Select(e => JsonNode.Parse(Encoding.UTF8.GetString(e.Span))!)
            .Where(e => (string?)e["eventName"] == "CreateKey" && e["errorCode"] is null)
            .Select(e => KeyId.GrainKey(TestKms.Account, Guid.Parse((string)e["resourceName"]!))).ToHashSet();
        var intended = command.Sql("SELECT grain FROM kms_trail_intent").Rows(row => row.GetString(0));
        Assert.All(keys, key => Assert.True(recorded.Contains(key) || intended.Exists(grain => grain.EndsWith(key, StringComparison.Ordinal)), $"{key} has neither event nor intent"));
        Assert.Subset(keys, recorded);
        return keys.Count;
    }
}
