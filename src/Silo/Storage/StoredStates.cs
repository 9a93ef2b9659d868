using System.Data.Common;
using System.Text.Json;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Silo.Storage;

/// <summary>Reads what grains of one kind stored, past the grains: some rows at a time, however many there are. What is stored meanwhile may be missed.</summary>
/// <param name="grains">The grains' database.</param>
/// <param name="stateName">The name of the grains' state.</param>
internal sealed class StoredStates<T>(DbDataSource grains, string stateName) where T : StoredRecord
{
    private const int PageSize = 200;

    private static readonly RecordSerializer Serializer = new();

    /// <summary>All states that were not cleared, page by page.</summary>
    public IEnumerable<List<StoredState<T>>> Pages()
    {
        var after = 0L;
        while (true)
        {
            var (page, last) = Page(after);
            if (last == after) yield break;
            after = last;
            if (page.Count > 0) yield return page;
        }
    }

    /// <summary>What one grain stored; null if it stored nothing.</summary>
    public StoredState<T>? Find(string grainKey)
    {
        using var connection = grains.OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql("SELECT PayloadBinary FROM OrleansStorage WHERE GrainTypeString = @name AND GrainIdExtensionString = @key AND PayloadBinary IS NOT NULL", ("@name", stateName), ("@key", grainKey))
            .FirstRow(row => Read(grainKey, row.GetFieldValue<byte[]>(0)));
    }

    private (List<StoredState<T>> Page, long Last) Page(long after)
    {
        using var connection = grains.OpenConnection();
        using var command = connection.CreateCommand();
        using var reader = command.Sql(
            "SELECT rowid, GrainIdExtensionString, PayloadBinary FROM OrleansStorage WHERE rowid > @after AND GrainTypeString = @name ORDER BY rowid LIMIT @limit",
            ("@after", after), ("@name", stateName), ("@limit", PageSize)).ExecuteReader();
        var page = new List<StoredState<T>>();
        while (reader.Read())
        {
            after = reader.GetInt64(0);
            if (!reader.IsDBNull(2)) page.Add(Read(reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
        }
        return (page, after);
    }

    private static StoredState<T> Read(string grainKey, byte[] payload)
    {
        try { return new(grainKey, Serializer.Deserialize<T>(new(payload)), ""); }
        catch (JsonException e) { return new(grainKey, null, e.Message); }
    }
}

/// <summary>What one grain stored.</summary>
/// <param name="GrainKey">Its key.</param>
/// <param name="Record">Null if it cannot be read.</param>
/// <param name="Failure">Why it cannot.</param>
internal sealed record StoredState<T>(string GrainKey, T? Record, string Failure) where T : StoredRecord;
