using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Kms.Gateway;
using Orleans.Kms.Gateway.Hosting;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo.Admin;
using Orleans.Kms.Silo.Cluster;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Health;

namespace Orleans.Kms.Silo;

/// <summary>The program's two shapes: alone with its data folder, silo and gateway in one process; or one silo of a cluster.</summary>
internal static class Service
{
    /// <summary>Runs until the process is asked to stop.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartupException">It cannot start; likewise <see cref="HsmSetupException"/> and <see cref="OptionsValidationException"/>.</exception>
    public static Task<int> Run(Arguments arguments)
    {
        var builder = CreateBuilder();
        var settings = Settings.Read(builder.Configuration, arguments);
        return settings.IsCluster ? ClusterSilo.Run(settings, arguments) : RunAlone(builder, settings, arguments);
    }

    private static WebApplicationBuilder CreateBuilder()
    {
        try { return ServiceHost.CreateWebBuilder(); }
        catch (InvalidOperationException e) { throw new StartupException(e.Message); }
    }

    private static async Task<int> RunAlone(WebApplicationBuilder builder, Settings settings, Arguments arguments)
    {
        RequireFreePort(settings.Gateway);
        RequireFreePort("Orleans:SiloPort", IPAddress.Loopback, settings.Orleans.SiloPort);
        RequireFreePort("Orleans:GatewayPort", IPAddress.Loopback, settings.Orleans.GatewayPort);
        RequireFreePort("Monitoring:Port", IPAddress.Parse(settings.Monitoring.Address), settings.Monitoring.Port);

        using var folder = DataFolder.Open(arguments.DataFolder);
        // The folder's lock is taken, so no earlier process makes changes any more.
        var begun = TimeProvider.System.GetUtcNow();
        AccountSetup.CheckFiles(folder);
        var prepared = EmbeddedSetup.Prepare(folder, settings.Hsm, settings.Kms.RootKeyFile);
        prepared.AddTo(builder.Services);
        using var anyPort = new HeldPort();
        await using var app = Build(builder, settings, folder, anyPort);
        Tell(app.Logger, settings, prepared);
        var endpoint = Endpoint(settings.Gateway);
        try
        {
            await Start(app, settings.Gateway);
            await app.Services.GetRequiredService<IntentRecovery>().Run(begun);
            await EnsureAccounts(app, folder, settings, endpoint, arguments.AccountIds);
        }
        catch (Exception e) when (IsStop(app.Lifetime, e))
        {
            return 0;
        }
        await using var admin = await AdminSocket.Start(folder, folder.Sources, app.Services);
        Console.WriteLine($"Orleans.Kms is ready: {endpoint}, region {settings.Kms.RegionId}, credentials in {Path.GetRelativePath(Environment.CurrentDirectory, folder.Credentials)}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Whether a start ended because the process was asked to stop before it was ready.</summary>
    public static bool IsStop(IHostApplicationLifetime lifetime, Exception e) =>
        e is OperationCanceledException || (e is OrleansLifecycleCanceledException && lifetime.ApplicationStopping.IsCancellationRequested);

    /// <summary>Logs what this process has and lacks.</summary>
    public static void Tell(ILogger logger, Settings settings, Prepared prepared)
    {
        if (settings.Kms.HasToken) CapabilityLog.Offers(logger, prepared.Token.Offered, prepared.Token.Missing);
        else CapabilityLog.NoToken(logger, settings.Kms.RootKeyFile);
        if (!settings.Kms.Trail.Enabled) CapabilityLog.NoTrail(logger);
        foreach (var reason in prepared.AbsentTokens) CapabilityLog.DoesNotServe(logger, reason);
    }

    private static WebApplication Build(WebApplicationBuilder builder, Settings settings, DataFolder folder, HeldPort anyPort)
    {
        builder.AddOptions(settings);
        builder.AddMonitoring(settings.Monitoring);
        builder.UseOrleans(silo =>
        {
            silo.UseNoCluster(settings.Orleans, anyPort);
            silo.UseEmbedded(folder);
            silo.UseMonitoring(settings.Monitoring);
        });
        builder.Services.AddHostedService<AdminEvents>();
        builder.Services.AddKmsGateway();
        builder.Services.AddKmsReadiness(settings.Kms.HasToken);
        try
        {
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(server => server.UseKmsGateway(settings.Gateway));
            var app = builder.Build();
            app.MapKmsGateway();
            app.MapKmsHealth(app.Services);
            return app;
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException(e.Message);
        }
    }

    /// <summary>Registers the settings.</summary>
    public static void AddOptions(this IHostApplicationBuilder builder, Settings settings) => builder.Services
        .AddSingleton(Options.Create(settings.Kms)).AddSingleton(Options.Create(settings.Hsm)).AddSingleton(Options.Create(settings.Gateway)).AddSingleton(TimeProvider.System);

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

    /// <summary>Fails if a port cannot be listened on.</summary>
    /// <exception cref="StartupException">It cannot.</exception>
    public static void RequireFreePort(string setting, IPAddress address, int port)
    {
        if (port == 0) return;
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
        }
        catch (SocketException) { throw new StartupException($"port {port} of Kms:{setting} is taken or not allowed; give another one."); }
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
