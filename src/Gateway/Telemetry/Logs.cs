using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Orleans.Kms.Gateway.Telemetry;

/// <summary>How log lines look.</summary>
internal enum LogFormat
{
    /// <summary>One line of text each.</summary>
    Text,
    /// <summary>One line of JSON each.</summary>
    Json,
}

/// <summary>Log lines on standard error, one for each entry.</summary>
internal static class Logs
{
    // These write request lines, and clients put plaintexts into them: no setting may turn them on.
    private static readonly string[] Unsafe = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Microsoft.AspNetCore.HttpLogging"];

    /// <summary>Adds them, in the format that <c>Kms:Logging:Format</c> names.</summary>
    /// <exception cref="InvalidOperationException">There is no such format.</exception>
    public static void AddKmsLogs(this IHostApplicationBuilder builder)
    {
        var format = builder.Configuration.GetValue("Kms:Logging:Format", LogFormat.Text);
        if (!Enum.IsDefined(format)) throw new InvalidOperationException("Kms:Logging:Format is Text or Json");
        builder.Logging.ClearProviders();
        if (format == LogFormat.Json) builder.Logging.AddJsonConsole(console => (console.IncludeScopes, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        else builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.IncludeScopes) = (true, true));
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.PostConfigure<LoggerFilterOptions>(KeepRequestsOut);
    }

    // For every provider, and for the console once more: a rule of its own would win over the one for all.
    private static void KeepRequestsOut(LoggerFilterOptions filter)
    {
        foreach (var category in Unsafe)
        {
            filter.Rules.Add(new(null, category, LogLevel.None, null));
            filter.Rules.Add(new(typeof(ConsoleLoggerProvider).FullName, category, LogLevel.None, null));
        }
    }
}
