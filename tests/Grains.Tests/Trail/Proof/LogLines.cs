using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orleans.Kms.Grains.Tests.Trail.Proof;

/// <summary>Collects what is logged about the trail's proof, each line with its level.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The lines so far.</summary>
    public string[] All => [.. _lines];

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Orleans.Kms.Grains.Trail.Proof", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)}");

    public void Dispose() { }
}
