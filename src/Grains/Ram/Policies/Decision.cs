namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>A verdict and why.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Policy">The first policy that decided; null where none did: <see cref="Verdict.ImplicitDeny"/>.</param>
/// <param name="Statement">Which of its statements, from 1.</param>
internal sealed record Decision(Verdict Verdict, NamedPolicy? Policy, int? Statement);
