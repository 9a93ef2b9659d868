using Xunit.Abstractions;

namespace Orleans.Kms.Cluster.Tests;

[Collection(ClusterTests.Name)]
public sealed class FailureTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_cluster_keeps_its_promises_through_every_fault()
    {
        using var text = new StringWriter();
        try
        {
            var report = await FailureRun.Run(RunSettings.Short, text, CancellationToken.None);
            Assert.True(report.IsGood, "See the report.");
            Assert.True(report.AcknowledgedWrites > 1000, "There was hardly any load.");
        }
        finally
        {
            output.WriteLine(text.ToString());
            // The test runner shows the output of a test only if it failed.
            if (Environment.GetEnvironmentVariable("KMS_FAILURE_REPORT") is { Length: > 0 } file) await File.WriteAllTextAsync(file, text.ToString());
        }
    }
}
