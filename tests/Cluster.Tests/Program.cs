namespace Orleans.Kms.Cluster.Tests;

/// <summary>The long run: <c>dotnet run --project tests/Cluster.Tests --configuration Release -- --minutes 30</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (RunSettings.Parse(args) is not { } settings)
        {
            await Console.Error.WriteLineAsync(RunSettings.Usage);
            return 2;
        }
        using var stop = new CancellationTokenSource();
        // What was started has to be ended.
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        var report = await FailureRun.Run(settings, Console.Out, stop.Token);
        return report.IsGood ? 0 : 1;
    }
}
