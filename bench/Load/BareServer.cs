using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Orleans.Kms.Load;

/// <summary>The least that a server in ASP.NET Core can do with these requests: parse the form and answer. What it should answer is put to <c>/answer</c> before.</summary>
internal static class BareServer
{
    public static async Task<int> Run(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        var answer = Array.Empty<byte>();
        app.Run(async http =>
        {
            if (http.Request.Path == "/answer")
            {
                using var copy = new MemoryStream();
                await http.Request.Body.CopyToAsync(copy);
                answer = copy.ToArray();
                return;
            }
            var form = await http.Request.ReadFormAsync();
            if (!form.ContainsKey("Action")) http.Response.StatusCode = StatusCodes.Status400BadRequest;
            http.Response.ContentType = "application/json;charset=utf-8";
            http.Response.ContentLength = answer.Length;
            http.Response.Headers["x-acs-request-id"] = "00000000-0000-0000-0000-000000000000";
            await http.Response.BodyWriter.WriteAsync(answer);
        });
        await app.StartAsync();
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
