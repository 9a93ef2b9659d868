using System.Data.Common;

namespace Orleans.Kms.Grains.Storage;

/// <summary>
/// Keeps a silo that the others have declared dead, though its process may go on, from writing to the database that they share; and since no call is answered before its event is written, from
/// answering. (Of grain state the version guards what the fence may not know any more: rows of dead silos are cleaned away.) Whether it is a member is asked in the transaction that writes. A silo alone has no fence.
/// </summary>
internal sealed class MemberFence : ILifecycleParticipant<ISiloLifecycle>
{
    private const string Question = "SELECT kms_require_member(@joined)";

    // One writer at a time of the service's own tables, whichever silo it is of: what their statements find stays true until they are committed, as on SQLite. The number is arbitrary.
    private const string OneAtATime = "SELECT pg_advisory_xact_lock(7100201601)";

    // Before that it has no row among the members, and serves no call.
    private volatile bool _hasJoined;

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(MemberFence), ServiceLifecycleStage.ApplicationServices, _ =>
    {
        _hasJoined = true;
        return Task.CompletedTask;
    });

    /// <summary>Asks first in a transaction.</summary>
    public void Require(DbCommand command) => command.Sql(Question, ("@joined", _hasJoined)).ExecuteNonQuery();

    /// <summary>Asks, and nothing else.</summary>
    public Task RequireAsync(DbCommand command) => command.Sql(Question, ("@joined", _hasJoined)).ExecuteNonQueryAsync();

    /// <summary>Asks first among statements that are sent together.</summary>
    public void Require(DbBatch batch)
    {
        var question = batch.CreateBatchCommand();
        question.CommandText = Question;
        var joined = question.CreateParameter();
        (joined.ParameterName, joined.Value) = ("@joined", _hasJoined);
        question.Parameters.Add(joined);
        batch.BatchCommands.Add(question);
    }

    /// <summary>Begins a transaction on the service's own tables: waits for those of other silos, and asks.</summary>
    public void Begin(DbConnection connection, DbTransaction transaction)
    {
        using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        var turn = batch.CreateBatchCommand();
        turn.CommandText = OneAtATime;
        batch.BatchCommands.Add(turn);
        Require(batch);
        batch.ExecuteNonQuery();
    }
}
