using Orleans.Kms.Gateway.Hosting;

namespace Orleans.Kms.Gateway;

/// <summary>The gateway as a program of its own, beside the silos of a cluster.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            return await GatewayService.Run(args);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The gateway of Orleans.Kms cannot start: {e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }
}
