using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>An SQLite database that may do a statement and then say that it failed.</summary>
internal sealed class LossySource(string connection) : DbDataSource
{
    /// <summary>Whether the answer to the next statement that writes a block gets lost.</summary>
    public bool LosesNext { get; set; }

    public override string ConnectionString => connection;

    protected override DbConnection CreateDbConnection() => new LossyConnection(this);

    private sealed class LossyConnection(LossySource source) : SqliteConnection(source.ConnectionString)
    {
        public override SqliteCommand CreateCommand() => new LossyCommand(source) { Connection = this, Transaction = Transaction };
    }

    private sealed class LossyCommand(LossySource source) : SqliteCommand
    {
        public override int ExecuteNonQuery()
        {
            var rows = base.ExecuteNonQuery();
            if (!source.LosesNext || !CommandText.StartsWith("INSERT INTO kms_trail_block", StringComparison.Ordinal)) return rows;
            source.LosesNext = false;
            throw new SqliteException("The answer got lost.", 10);
        }
    }
}
