using System.Text.Json;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>What came of a request.</summary>
/// <param name="Sent">When it was sent, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Answered">When its answer was read.</param>
/// <param name="Outcome">What is known of its effect.</param>
/// <param name="Code">The error code, or the kind of the failure on the way.</param>
/// <param name="RequestId">Of the answer; null without one.</param>
/// <param name="Body">The answer's JSON; undefined without one.</param>
internal sealed record Answer(long Sent, long Answered, Outcome Outcome, string Code, Guid? RequestId, JsonElement Body)
{
    /// <summary>The code of a request that did not leave, as nobody listens.</summary>
    public const string Unreachable = "Unreachable";

    public bool IsDone => Outcome == Outcome.Done;

    /// <summary>A text of the answer by its path.</summary>
    public string Text(params string[] path) => path.Aggregate(Body, (element, name) => element.GetProperty(name)).GetString()!;

    /// <summary>The call that it was.</summary>
    public Call About(string action, string subject, string? value = null) => new(action, subject, Sent, Outcome == Outcome.Unknown ? Call.Never : Answered, Outcome, Code, RequestId, value);
}
