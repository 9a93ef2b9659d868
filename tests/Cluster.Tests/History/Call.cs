namespace Orleans.Kms.Cluster.Tests.History;

/// <summary>One call as its client saw it.</summary>
/// <param name="Action">The action of the API.</param>
/// <param name="Subject">What it is about: a key id or the name of an alias.</param>
/// <param name="Sent">When its first byte was sent, in ticks of a clock that all clients share.</param>
/// <param name="Answered">When its answer was read, in the same ticks; <see cref="Never"/> if nobody knows when it was or will be over.</param>
/// <param name="Outcome">What is known of its effect.</param>
/// <param name="Code">The error code; empty if it succeeded or was not answered.</param>
/// <param name="RequestId">The request id of the answer, whatever it was; null without an answer.</param>
/// <param name="Value">What it wrote or read; null if that is nothing.</param>
internal sealed record Call(string Action, string Subject, long Sent, long Answered, Outcome Outcome, string Code = "", Guid? RequestId = null, string? Value = null)
{
    /// <summary>The time of an answer that is not known to be over.</summary>
    public const long Never = long.MaxValue;

    public override string ToString() =>
        $"{Action} {Subject} {Sent}..{(Answered == Never ? "?" : $"{Answered}")} {Outcome} {Code} {Value} {RequestId}";
}
