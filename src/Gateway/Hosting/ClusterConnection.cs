using Microsoft.Extensions.Logging;

namespace Orleans.Kms.Gateway.Hosting;

/// <summary>Whether there is any silo that this gateway can call.</summary>
internal sealed partial class ClusterConnection(TimeProvider clock, ILogger<ClusterConnection> logger) : IClusterConnectionStatusObserver, IClientConnectionRetryFilter
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    // The program starts with its first connection.
    private volatile bool _isUp = true;
    private volatile bool _isServing;

    /// <summary>Whether this gateway listens, and there was a silo when that was last found out.</summary>
    public bool IsUp => _isServing && _isUp;

    /// <summary>The first silo was reached, and the API's port listens: whoever watches readiness may send calls from now on.</summary>
    public void Serves() => _isServing = true;

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        _isUp = currentNumberOfGateways > 0;
        LogSilos(logger, currentNumberOfGateways, previousNumberOfGateways);
    }

    public void NotifyClusterConnectionLost()
    {
        _isUp = false;
        LogLost(logger);
    }

    // A gateway that is there before the silos are waits for them, for as long as it takes.
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogNotReached(logger, exception.Message);
        await Task.Delay(BetweenTries, clock, cancellationToken);
        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "{Silos} silos can be called; there were {Before}.")]
    private static partial void LogSilos(ILogger logger, int silos, int before);

    [LoggerMessage(2, LogLevel.Error, "No silo can be called: calls are refused until one can be.")]
    private static partial void LogLost(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "No silo could be reached yet ({Reason}); it is tried again.")]
    private static partial void LogNotReached(ILogger logger, string reason);
}
