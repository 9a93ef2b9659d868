using System.Net;
using Orleans.Messaging;

namespace Orleans.Kms.Client.Connection;

/// <summary>The gateways that the options list. Names are looked up again and again, so a silo that moves is found.</summary>
/// <param name="endpoints">Where they are.</param>
/// <param name="isEncrypted">Whether connections are. If not, only loopback is connected to, whatever a name resolves to.</param>
internal sealed class ListedGateways(IReadOnlyList<GatewayEndpoint> endpoints, bool isEncrypted) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => KmsConnection.GatewayRefresh;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        var found = new List<Uri>();
        foreach (var endpoint in endpoints)
        {
            foreach (var address in await endpoint.Resolve())
            {
                if (!isEncrypted && !IPAddress.IsLoopback(address.Address)) throw new InvalidOperationException($"{endpoint.Host} is not on loopback: set CertificateFile, KeyFile and AuthorityFile.");
                found.Add(SiloAddress.New(address, 0).ToGatewayUri());
            }
        }
        return found;
    }
}
