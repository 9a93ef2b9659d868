using System.Data;
using System.Data.Common;

namespace Orleans.Kms.Grains.Storage;

/// <summary>What the two dialects do in different ways.</summary>
internal static class DbConnectionExtensions
{
    /// <summary>Begins a transaction that reads, all from one snapshot. On SQLite any other level takes the lock of a writer.</summary>
    public static DbTransaction BeginSnapshot(this DbConnection connection) => connection.BeginTransaction(Level(connection));

    /// <inheritdoc cref="BeginSnapshot"/>
    public static ValueTask<DbTransaction> BeginSnapshotAsync(this DbConnection connection) => connection.BeginTransactionAsync(Level(connection));

    // PostgreSQL's provider can send several statements at once, SQLite's cannot.
    private static IsolationLevel Level(DbConnection connection) => connection.CanCreateBatch ? IsolationLevel.RepeatableRead : IsolationLevel.ReadUncommitted;
}
