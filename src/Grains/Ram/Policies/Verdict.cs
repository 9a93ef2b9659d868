namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>What a set of policies says to a request.</summary>
internal enum Verdict
{
    /// <summary>No statement matches: refused.</summary>
    ImplicitDeny,

    /// <summary>A statement allows it and none denies it.</summary>
    Allow,

    /// <summary>A statement denies it, whatever others allow.</summary>
    ExplicitDeny,
}
