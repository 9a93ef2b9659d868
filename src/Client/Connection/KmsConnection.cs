using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Kms.Client.SignIn;
using Orleans.Messaging;

namespace Orleans.Kms.Client.Connection;

/// <summary>
/// An Orleans client of the service's cluster, in a container of its own: the application may be a silo or a client of another cluster. Made by the first call that needs it;
/// once made, it regains lost connections by itself.
/// </summary>
internal sealed class KmsConnection(KmsClientOptions options, CallerSessions sessions, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>How often the list of gateways is looked at.</summary>
    public static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(5);

    private const string ServiceId = "kms";

    private readonly Lock _gate = new();
    private Task<ServiceProvider>? _connecting;
    private bool _isDisposed;

    /// <summary>The connected client; a failure is tried again by the next call.</summary>
    public async Task<IClusterClient> Client(CancellationToken cancellationToken)
    {
        Task<ServiceProvider> connecting;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(KmsClient));
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true }) _connecting = Detached.Run(Connect);
            connecting = _connecting;
        }
        return (await connecting.WaitAsync(cancellationToken)).GetRequiredService<IClusterClient>();
    }

    public async ValueTask DisposeAsync()
    {
        Task<ServiceProvider>? connecting;
        lock (_gate)
        {
            _isDisposed = true;
            connecting = _connecting;
            _connecting = null;
        }
        if (connecting is null) return;
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!connecting.IsCompletedSuccessfully) return;
        var provider = connecting.Result;
        try
        {
            using var time = new CancellationTokenSource(options.TryTimeout);
            foreach (var hosted in provider.GetServices<IHostedService>()) await hosted.StopAsync(time.Token);
        }
        finally { await provider.DisposeAsync(); }
    }

    private async Task<ServiceProvider> Connect()
    {
        var provider = Services().BuildServiceProvider();
        try
        {
            using var time = new CancellationTokenSource(options.CallTimeout);
            foreach (var hosted in provider.GetServices<IHostedService>()) await hosted.StartAsync(time.Token);
            var gateways = await provider.GetRequiredService<IGatewayListProvider>().GetGateways();
            if (gateways.Count > 0) sessions.Address = AddressTowards(gateways[0].ToGatewayAddress()!.Endpoint);
            return provider;
        }
        catch (Exception e)
        {
            await provider.DisposeAsync();
            if (e is OperationCanceledException) throw new TimeoutException("The service's cluster did not answer.");
            throw;
        }
    }

    private ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers).AddSingleton(sessions);
        services.AddSingleton<IOutgoingGrainCallFilter, CallerTokenFilter>();
        // Whoever called tries again, and for as long as it wants to.
        services.AddSingleton<IClientConnectionRetryFilter, OneAttempt>();
        services.AddOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (ServiceId, options.ClusterId));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.TryTimeout);
            client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = GatewayRefresh);
            if (options.IsEncrypted) client.UseMutualTls(options);
            if (options.Database.Length > 0) client.UseAdoNetClustering(membership => (membership.Invariant, membership.ConnectionString) = ("Npgsql", options.Database));
            else client.Services.AddSingleton<IGatewayListProvider>(new ListedGateways([.. options.Gateways.Select(Endpoint)], options.IsEncrypted));
        });
        return services;
    }

    private static GatewayEndpoint Endpoint(string text) => GatewayEndpoint.TryParse(text, out var endpoint) ? endpoint : throw new ArgumentException($"{text} is no host:port.");

    // Nothing is sent: a datagram socket only learns which of this machine's addresses leads there.
    private static IPAddress AddressTowards(IPEndPoint gateway)
    {
        using var socket = new Socket(gateway.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(gateway);
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }

    private sealed class OneAttempt : IClientConnectionRetryFilter
    {
        public Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
