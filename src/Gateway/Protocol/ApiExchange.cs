using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Signing;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>One request and its answer. What fails on the way becomes an answer too.</summary>
internal sealed class ApiExchange : IDisposable
{
    private const int MaxUserAgentLength = 512;
    private const int MaxHostLength = 255;

    private readonly HttpContext _http;
    private readonly GrainReferences _grains;
    private readonly GatewayOptions _options;
    private readonly SiloRetry _retry;
    private readonly TimeProvider _clock;
    private readonly ResponseBuffer _buffer = new();
    private RequestBody? _body;
    private RequestParameters? _parameters;
    private SignedClaim? _claim;
    private bool _xml;

    public ApiExchange(HttpContext http, GrainReferences grains, GatewayOptions options, SiloRetry retry, TimeProvider clock)
    {
        _http = http;
        _grains = grains;
        _options = options;
        _retry = retry;
        _clock = clock;
        _xml = AnswerFormat.AcceptsXmlOnly(http.Request);
        RequestId = Guid.CreateVersion7(clock.GetUtcNow()).ToString("D").ToUpperInvariant();
    }

    /// <summary>The id in the answer, a UUID in upper case; of version 7, so that the trail finds its event by the time in it.</summary>
    public string RequestId { get; }

    /// <summary>The action called; a fixed word until it is known to exist.</summary>
    public string Action { get; private set; } = "unknown";

    /// <summary>The API version called; null until it is known to exist.</summary>
    public string? Version { get; private set; }

    /// <summary>Takes the request apart, authenticates it and carries it out. The order of the checks is that of the API's documents.</summary>
    public async ValueTask Run()
    {
        var request = _http.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsPost(request.Method))
        {
            throw new ApiException(403, "UnsupportedHTTPMethod", "This http method is not supported.");
        }
        _body = await RequestBody.Read(request, _options.MaxBodyBytes);
        _parameters = ParameterReader.Read(request, _body);
        _xml = AnswerFormat.IsXml(request, _parameters);
        var isAcs3 = Acs3Signature.IsUsedBy(request);
        var handle = FindAction(isAcs3);
        var facts = Facts();
        _claim = isAcs3 ? Acs3Signature.Read(request, _parameters, _body.Bytes, facts) : RpcSignature.Read(request.Method, _parameters, facts);

        var caller = await Authenticate(_claim);
        caller.Token.Attach();
        var named = ActionTable.Named(Version!, Action);
        string contentType;
        try { contentType = await CarryOut(handle, caller.AccountId, SiloRetry.IsChange(named)); }
        catch (Exception e) when (Refusals.IsUnrecorded(e, Action))
        {
            await Refusals.Record(Call(Writer(), caller.AccountId), named, Failure.Of(e, Version));
            throw;
        }
        await Send(StatusCodes.Status200OK, contentType);
    }

    /// <summary>Answers with a failure.</summary>
    public async ValueTask Fail(Failure failure)
    {
        _buffer.Clear();
        var response = Writer();
        response.Begin("Error");
        response.Text("RequestId", RequestId);
        response.Text("HostId", Cut(_http.Request.Host.Value ?? "", MaxHostLength));
        response.Text("Code", failure.Code);
        // It may quote the caller's own bytes.
        response.Text("Message", _xml ? XmlResponseWriter.Carried(failure.Message) : failure.Message);
        response.End();
        await Send(failure.Status, response.ContentType);
    }

    public void Dispose()
    {
        _claim?.Dispose();
        _parameters?.Dispose();
        _body?.Dispose();
        _buffer.Dispose();
    }

    // SDKs send x-acs-action and x-acs-version with RPC signatures too, unsigned and sometimes misspelt: there the parameters count.
    private Func<ActionCall, ValueTask> FindAction(bool isAcs3)
    {
        var headers = _http.Request.Headers;
        var action = CommonChecks.Required(isAcs3 ? headers["x-acs-action"].ToString() : _parameters!.Text("Action"), "Action");
        var version = CommonChecks.Required(isAcs3 ? headers["x-acs-version"].ToString() : _parameters!.Text("Version"), "Version");
        if (!ActionTable.HasVersion(version)) throw new ApiException(400, "InvalidVersion", "Specified parameter Version is not valid.");
        Version = version;
        var handle = ActionTable.Find(version, action)
            ?? throw new ApiException(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
        Action = action;
        return handle;
    }

    private async ValueTask<string> CarryOut(Func<ActionCall, ValueTask> handle, string accountId, bool isChange)
    {
        var begun = _clock.GetTimestamp();
        try { return await TryCarryOut(handle, accountId); }
        catch (Exception e) when (SiloRetry.IsUnanswered(e, isChange, _clock.GetElapsedTime(begun))) { return await _retry.Repeat(e, isChange, () => TryCarryOut(handle, accountId)); }
    }

    // Gives the type of the answer that is in the buffer then.
    private async ValueTask<string> TryCarryOut(Func<ActionCall, ValueTask> handle, string accountId)
    {
        _buffer.Clear();
        var response = Writer();
        response.Begin(Action + "Response");
        await handle(Call(response, accountId));
        response.Text("RequestId", RequestId);
        response.End();
        return response.ContentType;
    }

    private ActionCall Call(ResponseWriter response, string accountId) => new(_parameters!, response, _grains, accountId, _options);

    private async ValueTask<Authentication> Authenticate(SignedClaim claim)
    {
        var request = claim.Request with { Action = ActionTable.Named(Version!, Action) };
        var key = _grains.AccessKey(claim.AccessKeyId);
        var begun = _clock.GetTimestamp();
        try
        {
            try { return await key.Authenticate(request); }
            catch (Exception e) when (SiloRetry.IsUnanswered(e, isChange: false, _clock.GetElapsedTime(begun))) { return await AuthenticateAgain(key, request, e); }
        }
        catch (KmsException e) when (e.Code == KmsErrorCode.SignatureMismatch)
        {
            // To the caller only, and last in the message: SDKs compare it with their own string, and say "wrong secret" when the two are equal.
            throw new ApiException(400, e.Code.ApiCode(), $"{e.Code.StandardMessage()} server string to sign is:{Encoding.UTF8.GetString(claim.Canonical)}");
        }
    }

    private async ValueTask<Authentication> AuthenticateAgain(IAccessKeyGrain key, SignedRequest request, Exception failure)
    {
        try { return await _retry.Repeat(failure, isChange: false, () => key.Authenticate(request)); }
        // By the try whose answer was lost: to the caller that is no replay.
        catch (KmsException e) when (e.Code == KmsErrorCode.NonceUsed) { throw failure; }
    }

    // The address is the connection's, or what a trusted proxy says: headers and parameters that name another one are the caller's own word.
    private RequestFacts Facts() => new(
        RequestId,
        (_http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : _http.Connection.RemoteIpAddress ?? IPAddress.None).ToString(),
        Cut(_http.Request.Headers.UserAgent.ToString(), MaxUserAgentLength), Cut(_http.Request.Host.Value ?? "", MaxHostLength), _http.Request.IsHttps);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private ResponseWriter Writer() => _xml ? new XmlResponseWriter(_buffer) : new JsonResponseWriter(_buffer);

    private async ValueTask Send(int status, string contentType)
    {
        var response = _http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = _buffer.Written.Length;
        response.Headers["x-acs-request-id"] = RequestId;
        var written = _buffer.Written;
        written.CopyTo(response.BodyWriter.GetSpan(written.Length));
        response.BodyWriter.Advance(written.Length);
        await response.BodyWriter.FlushAsync();
    }
}
