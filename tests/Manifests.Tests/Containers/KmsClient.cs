using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>A caller outside of all pods, who trusts one authority.</summary>
internal sealed class KmsClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Signer _signer;
    private readonly string _endpoint;

    public KmsClient(NetworkNamespace network, string endpoint, X509Certificate2 authority, JsonNode credentials)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(authority);
        _http = network.NewClient(new() { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } });
        _signer = new((string)credentials["AccessKeyId"]!, (string)credentials["AccessKeySecret"]!);
        _endpoint = endpoint;
    }

    /// <summary>Makes a call that has to succeed.</summary>
    public async Task<JsonNode> Call(string action, params IReadOnlyList<(string Name, string Value)> parameters)
    {
        using var form = _signer.Form(action, parameters);
        using var answer = await _http.PostAsync(_endpoint, form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{action}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public void Dispose() => _http.Dispose();
}
