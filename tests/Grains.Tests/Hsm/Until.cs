using System.Diagnostics;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>Repeats calls for which the service asks its callers to come back.</summary>
internal static class Until
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    /// <summary>Asks until it is true; fails if that takes too long.</summary>
    public static async Task True(Func<Task<bool>> ask)
    {
        var watch = Stopwatch.StartNew();
        while (!await ask())
        {
            Assert.True(watch.Elapsed < Bound, "It did not become true in time.");
            await Task.Yield();
        }
    }

    /// <summary>Calls until the service is available again; fails if that takes too long.</summary>
    public static async Task Succeeds(Func<Task> call)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (KmsException e) when (e.Code == KmsErrorCode.ServiceUnavailable && watch.Elapsed < Bound)
            {
                await Task.Yield();
            }
        }
    }
}
