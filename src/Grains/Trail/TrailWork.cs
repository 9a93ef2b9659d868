using System.Data.Common;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Something that waits for the trail's writer. It may run several times, since a transaction may be tried again; only what the last run found counts.</summary>
/// <param name="e">The event that it appends; null if it appends none.</param>
internal abstract class TrailWork(TrailEvent? e)
{
    /// <summary>The event that it appends, or may append.</summary>
    public TrailEvent? Event { get; } = e;

    /// <summary>When it came (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long QueuedAt { get; set; }

    /// <summary>Whether it needs statements of its own; if not, it appends its event and does nothing else.</summary>
    public virtual bool HasStatements => true;

    /// <summary>Runs its statements inside the transaction.</summary>
    /// <returns>Whether the event is appended.</returns>
    public abstract bool Run(DbCommand command);

    /// <summary>Lets the caller go on.</summary>
    public abstract void Succeed();

    /// <summary>Lets the caller go on with a failure; false if it went on already.</summary>
    public abstract bool Fail(KmsException failure);
}
