namespace Orleans.Kms.Cluster.Tests.History;

/// <summary>What a client knows of a call's effect.</summary>
internal enum Outcome
{
    /// <summary>It was answered with success.</summary>
    Done,

    /// <summary>It was answered with a refusal: it changed nothing.</summary>
    Refused,

    /// <summary>It was not answered, or with a failure of the service: it may have taken effect, or do so at any later time, or never.</summary>
    Unknown,
}
