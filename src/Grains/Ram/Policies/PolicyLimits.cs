namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>
/// Limits of one document beside its length. They bound what an evaluation can cost, and a document that somebody wrote to be read does not meet them: 6144 characters
/// hold about 60 statements of the shortest useful form. What was stored is read again with every start: a limit may grow, but never shrink.
/// </summary>
internal static class PolicyLimits
{
    /// <summary>Nesting of the JSON: document, statements, statement, condition, operator, values, and some air. The grammar allows no more than those six.</summary>
    public const int Depth = 8;

    /// <summary>Statements of a document.</summary>
    public const int Statements = 100;

    /// <summary>Values of one list.</summary>
    public const int Values = 500;

    /// <summary>Condition keys of one statement, over all operators.</summary>
    public const int Conditions = 50;

    /// <summary>Wildcards in one value: matching costs at most the product of both lengths, but real patterns have a handful.</summary>
    public const int Wildcards = 16;

    /// <summary>
    /// Values of StringLike and StringNotLike in one document that have more than one star at the end. Each can cost some ten microseconds per KB of text, of which an encryption
    /// context has up to 8, in the turn of the CMK that the call is about.
    /// </summary>
    public const int Searches = 50;
}
