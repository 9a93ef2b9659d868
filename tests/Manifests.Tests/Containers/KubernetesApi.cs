using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>
/// As much of the Kubernetes API as a silo asks for: the pods of a namespace, one, all of a selector, or watched. Who asks has to show the service account's token, and may what the
/// overlay's role says and nothing else.
/// </summary>
internal sealed class KubernetesApi : IAsyncDisposable
{
    private const int Port = 6443;
    private const string Token = "token-of-the-silos";

    private readonly WebApplication _server;
    private readonly Overlay _overlay;
    private readonly string _namespace;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentDictionary<string, V1Pod> _pods = new();
    private readonly CancellationTokenSource _closing = new();

    private KubernetesApi(Overlay overlay, string @namespace, NetworkNamespace network, Authority authority)
    {
        (_overlay, _namespace) = (overlay, @namespace);
        var secret = authority.IssueServer(NetworkNamespace.NodeAddress);
        _certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(secret["tls.crt"]), Encoding.ASCII.GetString(secret["tls.key"]));
        var socket = network.NewSocket();
        socket.Bind(new IPEndPoint(IPAddress.Parse(NetworkNamespace.NodeAddress), Port));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server => server.ListenHandle((ulong)socket.SafeHandle.DangerousGetHandle(), listen => listen.UseHttps(_certificate)));
        _server = builder.Build();
        _server.Run(Answer);
        ServiceAccount = new() { ["token"] = Encoding.ASCII.GetBytes(Token), ["namespace"] = Encoding.ASCII.GetBytes(@namespace), ["ca.crt"] = secret["ca.crt"] };
    }

    /// <summary>The files that a pod gets.</summary>
    public Dictionary<string, byte[]> ServiceAccount { get; }

    /// <summary>The variables that every container gets.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["KUBERNETES_SERVICE_HOST"] = NetworkNamespace.NodeAddress, ["KUBERNETES_SERVICE_PORT"] = $"{Port}" };

    /// <summary>What was asked for and not allowed.</summary>
    public ConcurrentBag<string> Refused { get; } = [];

    /// <summary>Verbs that were asked for and allowed.</summary>
    public ConcurrentBag<string> Allowed { get; } = [];

    /// <summary>Starts it.</summary>
    public static async Task<KubernetesApi> Start(Overlay overlay, string @namespace, NetworkNamespace network, Authority authority)
    {
        var api = new KubernetesApi(overlay, @namespace, network, authority);
        await api._server.StartAsync();
        return api;
    }

    /// <summary>A pod of a workload that it knows from now on.</summary>
    public void Add(Workload workload, string name) => _pods[name] = new V1Pod { ApiVersion = "v1", Kind = "Pod", Metadata = new() { Name = name, NamespaceProperty = _namespace, Labels = workload.Labels }, Spec = workload.Pod };

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _server.DisposeAsync();
        _certificate.Dispose();
        _closing.Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var verb = context.Request.Method == "GET" ? path.Length == 6 ? "get" : context.Request.Query["watch"] == "true" ? "watch" : "list" : context.Request.Method;
        if (context.Request.Headers.Authorization != $"Bearer {Token}" || path is not ["api", "v1", "namespaces", var space, var resource, ..] || space != _namespace || !MayDo(verb, resource))
        {
            Refused.Add($"{verb} {context.Request.Path}");
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        Allowed.Add(verb);
        var selector = $"{context.Request.Query["labelSelector"]}";
        if (verb == "get") await Write(context, _pods[path[5]]);
        else if (verb == "list") await Write(context, new V1PodList { ApiVersion = "v1", Kind = "PodList", Metadata = new(), Items = [.. _pods.Values.Where(pod => Selects(selector, pod.Metadata.Labels))] });
        else await Watch(context);
    }

    private bool MayDo(string verb, string resource) => _overlay.Of<V1Role>().Where(role => role.Metadata.NamespaceProperty == _namespace)
        .SelectMany(role => role.Rules).Any(rule => rule.ApiGroups.Contains("") && rule.Resources.Contains(resource) && rule.Verbs.Contains(verb));

    private static bool Selects(string selector, IDictionary<string, string> labels) => selector.Split(',').Select(pair => pair.Split('=')).All(pair => labels.TryGetValue(pair[0], out var value) && value == pair[1]);

    private static Task Write(HttpContext context, object answer)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(KubernetesJson.Serialize(answer));
    }

    // Nothing happens to the pods, so there is nothing to tell.
    private async Task Watch(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _closing.Token);
        var over = new TaskCompletionSource();
        await using var ended = either.Token.Register(over.SetResult);
        await over.Task;
    }
}
