namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>The two kinds of documents, which differ in one element.</summary>
internal enum DocumentKind
{
    /// <summary>What an identity or a session may do; names resources.</summary>
    Identity,

    /// <summary>Who may assume a role; names principals.</summary>
    Trust,
}
