using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Orleans.Kms.Gateway;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo.Admin;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Health;

namespace Orleans.Kms.Silo;

/// <summary>The embedded shape: silo and gateway in one process, on the data folder.</summary>
internal static class Service
{
    // How long calls in flight may take to end once the process was asked to stop.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(25);

    /// <summary>Runs until the process is asked to stop.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartupException">It cannot start; likewise <see cref="HsmSetupException"/> and <see cref="OptionsValidationException"/>.</exception>
    public static async Task<int> Run(Arguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.PostConfigure<LoggerFilterOptions>(KeepRequestsOut);
        builder.Configuration.AddEnvironmentVariables();
        var settings = Settings.Read(builder.Configuration, arguments);
        RequireFreePort(settings.Gateway);
        RequireFreePort("SiloPort", settings.Orleans.SiloPort);
        RequireFreePort("GatewayPort", settings.Orleans.GatewayPort);

        using var folder = DataFolder.Open(arguments.DataFolder);
        // The folder's lock is taken, so no earlier process makes changes any more.
        var begun = TimeProvider.System.GetUtcNow();
        AccountSetup.CheckFiles(folder);
        var prepared = EmbeddedSetup.Prepare(folder, settings.Hsm, settings.Kms.RootKeyFile);
        prepared.AddTo(builder.Services);
        using var anyPort = new HeldPort();
        await using var app = Build(builder, settings, folder, anyPort);
        if (settings.Kms.HasToken) CapabilityLog.Offers(app.Logger, prepared.Token.Offered, prepared.Token.Missing);
        else CapabilityLog.NoToken(app.Logger, settings.Kms.RootKeyFile);
        if (!settings.Kms.Trail.Enabled) CapabilityLog.NoTrail(app.Logger);
        foreach (var reason in prepared.AbsentTokens) CapabilityLog.DoesNotServe(app.Logger, reason);
        var endpoint = Endpoint(settings.Gateway);
        try
        {
            await Start(app, settings.Gateway);
            await app.Services.GetRequiredService<IntentRecovery>().Run(begun);
            await EnsureAccounts(app, folder, settings, endpoint, arguments.AccountIds);
        }
        // Asked to stop before it was ready.
        catch (Exception e) when (e is OperationCanceledException or OrleansLifecycleCanceledException && app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return 0;
        }
        await using var admin = await AdminSocket.Start(folder, app.Services);
        Console.WriteLine($"Orleans.Kms is ready: {endpoint}, region {settings.Kms.RegionId}, credentials in {Path.GetRelativePath(Environment.CurrentDirectory, folder.Credentials)}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    // These two write request lines, and clients put plaintexts into them: no setting may turn them on.
    private static void KeepRequestsOut(LoggerFilterOptions filter)
    {
        foreach (var category in new[] { "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests" })
        {
            filter.Rules.Add(new(typeof(ConsoleLoggerProvider).FullName, category, LogLevel.None, null));
        }
    }

    private static WebApplication Build(WebApplicationBuilder builder, Settings settings, DataFolder folder, HeldPort anyPort)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Services
            .AddSingleton(Options.Create(settings.Kms)).AddSingleton(Options.Create(settings.Hsm)).AddSingleton(Options.Create(settings.Gateway))
            .AddSingleton(TimeProvider.System);
        builder.UseOrleans(silo =>
        {
            silo.UseNoCluster(settings.Orleans, anyPort);
            silo.UseEmbedded(folder);
        });
        builder.Services.AddHostedService<AdminEvents>();
        builder.Services.AddKmsGateway();
        builder.Services.AddKmsReadiness(settings.Kms.HasToken);
        try
        {
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(server => server.UseKmsGateway(settings.Gateway));
            var app = builder.Build();
            app.MapKmsGateway();
            app.MapKmsHealth();
            return app;
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException(e.Message);
        }
    }

    private static async Task EnsureAccounts(WebApplication app, DataFolder folder, Settings settings, string endpoint, IReadOnlyList<string> accountIds)
    {
        var services = app.Services;
        var setup = new AccountSetup(folder, services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<SiloPass>(), services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<AccountSetup>>(), settings.Kms.RegionId, endpoint);
        try
        {
            await setup.Ensure(accountIds);
        }
        catch (StartupException)
        {
            await app.StopAsync();
            throw;
        }
    }

    private static async Task Start(WebApplication app, GatewayOptions gateway)
    {
        try { await app.StartAsync(); }
        catch (IOException e) when (e.InnerException is AddressInUseException) { throw PortTaken(gateway); }
    }

    // Asked before anything is made: a wrong port should leave no trace.
    private static void RequireFreePort(GatewayOptions gateway)
    {
        if (!IPAddress.TryParse(gateway.Address, out var address)) throw new StartupException($"Kms:Gateway:Address {gateway.Address} is no IP address.");
        try
        {
            using var listener = new TcpListener(address, gateway.Port);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse) { throw PortTaken(gateway); }
        catch (SocketException e)
        {
            throw new StartupException($"{gateway.Address} port {gateway.Port} cannot be listened on ({e.SocketErrorCode}); give another port with --port, or another Kms:Gateway:Address.");
        }
    }

    private static void RequireFreePort(string setting, int port)
    {
        if (port == 0) return;
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException) { throw new StartupException($"port {port} of Kms:Orleans:{setting} is taken or not allowed; give another one."); }
    }

    private static StartupException PortTaken(GatewayOptions gateway) => new($"port {gateway.Port} is taken; stop the program that has it, or give another one with --port.");

    private static string Endpoint(GatewayOptions gateway)
    {
        var address = IPAddress.Parse(gateway.Address);
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) address = IPAddress.Loopback;
        var scheme = string.IsNullOrEmpty(gateway.CertificateFile) ? "http" : "https";
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}://{new IPEndPoint(address, gateway.Port)}");
    }
}
