namespace Orleans.Kms.Cluster.Tests;

/// <summary>A test that takes minutes: it runs with <c>KMS_LONG_TESTS=1</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    private const string Variable = "KMS_LONG_TESTS";

    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1") Skip = $"It takes minutes; {Variable}=1 has it run.";
    }
}
