using System.Data.Common;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Micro;

/// <summary>One page of 100 CMKs out of 100,000: the first, the thousandth, and both under a filter that one key in ten passes.</summary>
[MemoryDiagnoser]
public class PagingBenchmarks : IDisposable
{
    private const string Account = "1000000000000001";
    private const int Keys = 100_000;

    private static readonly KeyFilter Disabled = new([KeyState.Disabled], null, null, null);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-paging-");
    private DbDataSource? _database;
    private BatchWriter? _writer;
    private KeyIndex? _index;

    [GlobalSetup]
    public async Task Setup()
    {
        var file = new SqliteFile(Path.Combine(_folder.FullName, "kms.db"), "Kms", 2);
        file.EnsureSchema();
        _database = file.DataSource();
        _writer = new BatchWriter(_database, NullLogger<BatchWriter>.Instance);
        _index = new KeyIndex(_database, _writer);
        var quota = Quota.Of(new(), Account);
        foreach (var batch in Enumerable.Range(0, Keys).Chunk(1000))
        {
            var rows = batch.Select(i => (Id: Guid.NewGuid(), Class: new KeyClass(i % 10 == 0 ? KeyState.Disabled : KeyState.Enabled, KeySpec.Aes256, KeyUsage.EncryptDecrypt, ProtectionLevel.Software))).ToList();
            await Task.WhenAll(rows.Select(row => _index.Announce(Account, row.Id, row.Class, DateTimeOffset.UnixEpoch, quota)));
            await Task.WhenAll(rows.Select(row => _index.Put(Account, row.Id, new(row.Class, null, 1, []))));
        }
    }

    [Benchmark(Baseline = true)]
    public async Task<int> First() => (await _index!.Page(Account, new(1, 100), KeyFilter.All)).Keys.Count;

    [Benchmark]
    public async Task<int> Thousandth() => (await _index!.Page(Account, new(1000, 100), KeyFilter.All)).Keys.Count;

    [Benchmark]
    public async Task<int> FirstFiltered() => (await _index!.Page(Account, new(1, 100), Disabled)).Keys.Count;

    [Benchmark]
    public async Task<int> HundredthFiltered() => (await _index!.Page(Account, new(100, 100), Disabled)).Keys.Count;

    public void Dispose()
    {
        _writer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _database?.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
