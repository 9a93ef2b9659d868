using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Orleans.Kms.Gateway.Hosting;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>
/// Where kms-admin reaches the running service: a socket in the data folder, which only its owner can open. A server of its own, so that nothing of this can be asked for at
/// the service's port.
/// </summary>
internal sealed partial class AdminSocket : IAsyncDisposable
{
    // What a socket's name may have on Linux, without the byte that ends it.
    private const int MaxPathBytes = 107;

    private readonly WebApplication _server;
    private readonly string _path;

    private AdminSocket(WebApplication server, string path) => (_server, _path) = (server, path);

    /// <summary>Listens; null if the socket cannot be made, which the log tells: the service is of use without it.</summary>
    public static async Task<AdminSocket?> Start(DataFolder folder, ServiceDatabases databases, IServiceProvider service)
    {
        var logger = service.GetRequiredService<ILogger<AdminSocket>>();
        var length = Encoding.UTF8.GetByteCount(folder.AdminSocket);
        if (length > MaxPathBytes)
        {
            LogPathTooLong(logger, folder.AdminSocket, length, MaxPathBytes);
            return null;
        }
        try
        {
            // A killed service leaves it behind; this process owns the folder.
            File.Delete(folder.AdminSocket);
            var server = Build(folder, databases, service);
            await server.StartAsync();
            File.SetUnixFileMode(folder.AdminSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new(server, folder.AdminSocket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            LogNoSocket(logger, folder.AdminSocket, e.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        File.Delete(_path);
    }

    // From nothing: no setting and no variable can make this server listen anywhere else.
    private static WebApplication Build(DataFolder folder, ServiceDatabases databases, IServiceProvider service)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore().AddSingleton(service.GetRequiredService<ILoggerFactory>()).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfService>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(folder.AdminSocket));
        var server = builder.Build();
        server.UseRouting();
        Map(server, folder, databases, service);
        return server;
    }

    private static void Map(WebApplication server, DataFolder folder, ServiceDatabases databases, IServiceProvider service)
    {
        var writer = service.GetRequiredService<BatchWriter>();
        var clock = service.GetRequiredService<TimeProvider>();
        var stopping = service.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        Serve(server, "/records/begin", async (http, _, _) => (await writer.Execute(command => AdminRecords.Begin(command, Record(http), clock.GetUtcNow()))).ToString(CultureInfo.InvariantCulture), stopping);
        Serve(server, "/records/end", async (http, _, _) =>
        {
            await writer.Execute(command => AdminRecords.End(command, long.Parse(Text(http, "id"), CultureInfo.InvariantCulture), Text(http, "outcome"), clock.GetUtcNow()));
            return "";
        }, stopping);
        // The database of a cluster has backups of its own.
        if (service.GetKeyedService<GatedGrainStorage>(SiloSetup.GatedStorage) is { } storage)
        {
            var backup = new FolderBackup(folder, storage, writer, clock);
            Serve(server, "/backup", (http, _, ended) => backup.Make(Text(http, "to"), Text(http, "token") == "with", ended), stopping);
        }
        var explaining = ActivatorUtilities.CreateInstance<Explaining>(service);
        Serve(server, Explain.Path, (http, report, _) => explaining.Run(http.Request.Query, report), stopping);
        var kms = service.GetRequiredService<IOptions<KmsOptions>>().Value;
        var accounts = new AccountAdding(service.GetRequiredService<IGrainFactory>(), service.GetRequiredService<SiloPass>(), clock, kms.RegionId);
        Serve(server, AddAccount.Path, (http, _, _) => accounts.Run(Text(http, "account"), Text(http, "endpoint")), stopping);
        if (!kms.HasToken)
        {
            var file = new FileRewrapping(databases, writer, kms.RootKeyFile);
            Serve(server, "/rewrap", (_, _, _) => file.Run(), stopping);
            return;
        }
        var rewrapping = ActivatorUtilities.CreateInstance<Rewrapping>(service, databases, service.GetRequiredService<IOptions<HsmOptions>>().Value);
        Serve(server, "/rewrap", (http, report, ended) => rewrapping.Run(report, ended), stopping);
        Serve(server, "/retire", (http, report, ended) => rewrapping.Retire(int.Parse(Text(http, "version"), CultureInfo.InvariantCulture), report, ended), stopping);
    }

    private static void Serve(WebApplication server, string path, Func<HttpContext, Func<string, Task>, CancellationToken, Task<string>> work, CancellationToken stopping)
    {
        // What is at work when the service is asked to stop ends then, as if its caller had gone.
        async Task Answer(HttpContext http)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            await AdminAnswer.Write(http, report => work(http, report, ended.Token));
        }
        server.MapPost(path, Answer);
    }

    private static string Text(HttpContext http, string name) => http.Request.Query[name].ToString();

    private static NewAdminRecord Record(HttpContext http) => new(
        Text(http, "operator"), Text(http, "command"), Text(http, "detail"), int.TryParse(Text(http, "version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null);

    [LoggerMessage(1, LogLevel.Warning, "kms-admin cannot reach this service: {Path} has {Length} bytes, and a socket's path {Max} at most. Use a data folder with a shorter path.")]
    private static partial void LogPathTooLong(ILogger logger, string path, int length, int max);

    [LoggerMessage(2, LogLevel.Warning, "kms-admin cannot reach this service: {Path} cannot be made ({Reason}).")]
    private static partial void LogNoSocket(ILogger logger, string path, string reason);
}
