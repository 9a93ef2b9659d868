using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Grains.Tests.Trail.Delivery;

/// <summary>A store that speaks as much of S3 as a delivery needs, and checks the signature of every request.</summary>
internal sealed class S3Store : IAsyncDisposable
{
    public const string AccessKeyId = "AKIDEXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    private S3Store()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Endpoint = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }
        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _serving = Serve();
    }

    /// <summary>A new store.</summary>
    public static S3Store Open() => new();

    public string Endpoint { get; }

    /// <summary>The objects by their paths, with headers.</summary>
    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    /// <summary>The names of the headers of the last request.</summary>
    public string[] Headers { get; private set; } = [];

    /// <summary>What the store does with requests.</summary>
    public StoreMood Mood { get; set; }

    /// <summary>Ends when a request hangs.</summary>
    public Task Hangs => _hangs.Task;

    /// <summary>What was wrong with a request.</summary>
    public string? Fault { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _released.TrySetResult();
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task Serve()
    {
        while (true)
        {
            HttpListenerContext context;
            try { context = await _listener.GetContextAsync(); }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
            _ = Answer(context);
        }
    }

    private async Task Answer(HttpListenerContext context)
    {
        var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        Headers = [.. context.Request.Headers.AllKeys.OfType<string>()];
        if (Mood == StoreMood.Hanging)
        {
            _hangs.TrySetResult();
            await _released.Task;
        }
        var fault = Check(context.Request, body.ToArray());
        Fault ??= fault;
        context.Response.StatusCode = fault is not null ? 400 : Mood == StoreMood.Refusing ? 403 : 200;
        try
        {
            if (Mood == StoreMood.Elsewhere)
            {
                context.Response.StatusCode = 502;
                await context.Response.OutputStream.WriteAsync("<html><p>A proxy in between<br></html>"u8.ToArray());
            }
            else if (context.Response.StatusCode == 200) Objects[context.Request.Url!.AbsolutePath] = body.ToArray();
            else await context.Response.OutputStream.WriteAsync("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>"u8.ToArray());
            context.Response.Close();
        }
        // Whoever has given up does not listen any more.
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException) { }
    }

    // AWS Signature Version 4, worked out once more.
    private static string? Check(HttpListenerRequest request, byte[] body)
    {
        var parts = (request.Headers["Authorization"] ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        string Part(string name) => parts.FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
        var scope = Part("Credential").Split('/', 2);
        if (parts.FirstOrDefault() != "AWS4-HMAC-SHA256" || scope[0] != AccessKeyId) return "The request is not signed with the access key.";
        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(body));
        if (request.Headers["x-amz-content-sha256"] != bodyHash) return $"The body is not signed: {request.Headers["x-amz-content-sha256"]}";
        var names = Part("SignedHeaders").Split(';');
        var headers = string.Concat(names.Select(name => $"{name}:{request.Headers[name]!.Trim()}\n"));
        var canonical = $"{request.HttpMethod}\n{request.Url!.AbsolutePath}\n\n{headers}\n{string.Join(';', names)}\n{bodyHash}";
        var toSign = $"AWS4-HMAC-SHA256\n{request.Headers["x-amz-date"]}\n{scope[1]}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope[1].Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (current, part) => HMACSHA256.HashData(current, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) == Part("Signature") ? null : "The signature is wrong.";
    }
}

/// <summary>What a store does with requests.</summary>
internal enum StoreMood
{
    Willing,
    Refusing,
    Hanging,
    Elsewhere,
}
