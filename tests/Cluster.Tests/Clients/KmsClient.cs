using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>
/// Calls the service over HTTP, with connections that are kept, and never tries again by itself. Has the gateways in turn: after a failure the next one. Thread safe.
/// </summary>
internal sealed class KmsClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Signer _signer;
    private readonly Gateways _gateways;
    private int _current;

    /// <summary>A client.</summary>
    /// <param name="gateways">Where the service is.</param>
    /// <param name="first">Which gateway it begins with.</param>
    /// <param name="credentials">Of an account.</param>
    /// <param name="timeout">How long it waits for an answer.</param>
    /// <param name="clock">Dates its requests.</param>
    public KmsClient(Gateways gateways, int first, Credentials credentials, TimeSpan timeout, TimeProvider clock)
    {
        _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = timeout }) { Timeout = timeout };
        _signer = new(credentials, clock);
        _gateways = gateways;
        _current = first;
    }

    /// <summary>Sends a request once.</summary>
    public async Task<Answer> Send(string action, params (string Name, string Value)[] parameters) => await SendTo("2016-01-20", action, parameters);

    /// <summary>Sends a request of some version of some API once.</summary>
    public async Task<Answer> SendTo(string version, string action, params (string Name, string Value)[] parameters)
    {
        var gateway = _gateways.From(Volatile.Read(ref _current));
        using var content = new StringContent(_signer.Form(action, version, parameters), Encoding.ASCII, "application/x-www-form-urlencoded");
        var sent = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.PostAsync(_gateways[gateway], content);
            var body = await response.Content.ReadAsByteArrayAsync();
            var answered = Stopwatch.GetTimestamp();
            var json = JsonDocument.Parse(body).RootElement;
            var code = response.StatusCode == HttpStatusCode.OK ? "" : json.GetProperty("Code").GetString()!;
            var outcome = response.StatusCode == HttpStatusCode.OK ? Outcome.Done : (int)response.StatusCode < 500 ? Outcome.Refused : Outcome.Unknown;
            if (outcome == Outcome.Unknown) Leave(gateway);
            return new(sent, answered, outcome, code, json.GetProperty("RequestId").GetGuid(), json);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            Leave(gateway);
            return new(sent, Stopwatch.GetTimestamp(), Outcome.Refused, Answer.Unreachable, null, default);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            Leave(gateway);
            return new(sent, Stopwatch.GetTimestamp(), Outcome.Unknown, e is HttpRequestException { HttpRequestError: var error } ? $"{error}" : e.GetType().Name, null, default);
        }
    }

    public void Dispose() => _http.Dispose();

    private void Leave(int gateway)
    {
        var current = Volatile.Read(ref _current);
        if (_gateways.From(current) == gateway) Interlocked.CompareExchange(ref _current, gateway + 1, current);
    }
}
