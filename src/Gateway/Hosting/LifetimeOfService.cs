using Microsoft.Extensions.Hosting;

namespace Orleans.Kms.Gateway.Hosting;

/// <summary>For a server inside the service: signals are for the service, which ends it. One that heard them, too, would break off while it starts.</summary>
internal sealed class LifetimeOfService : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
