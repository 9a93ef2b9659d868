namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>How an operator on numbers or dates compares the request's value with its own.</summary>
internal enum Comparison
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
