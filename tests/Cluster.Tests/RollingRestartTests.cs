using Orleans.Kms.Cluster.Tests.Clients;
using Orleans.Kms.Cluster.Tests.History;
using Xunit.Abstractions;

namespace Orleans.Kms.Cluster.Tests;

[Collection(ClusterTests.Name)]
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Callers = 6;

    // A load balancer needs some time to know.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(1);

    [LongFact]
    public async Task Silos_and_gateways_are_restarted_one_after_the_other_and_no_call_fails()
    {
        await using var loaded = await LoadedCluster.Start(Callers, new(3));
        foreach (var silo in loaded.Cluster.Silos)
        {
            await silo.Stop();
            await silo.Start();
        }
        for (var gateway = 0; gateway < loaded.Cluster.Gateways.Count; gateway++)
        {
            loaded.Cluster.Endpoints.TakeOut(gateway);
            await Task.Delay(Notice);
            await loaded.Cluster.Gateways[gateway].Stop();
            await loaded.Cluster.Gateways[gateway].Start();
            loaded.Cluster.Endpoints.TakeIn();
        }
        await loaded.EndLoad();
        var failed = loaded.Calls.Where(call => call.Outcome == Outcome.Unknown || call.Code == Answer.Unreachable).ToArray();
        output.WriteLine($"{loaded.Calls.Count} calls, {failed.Length} failed");
        foreach (var call in failed.Take(20)) output.WriteLine($"{call}");
        Assert.Empty(failed);
        Assert.Empty(await loaded.Finish());
        loaded.Cluster.DidWell();
    }
}
