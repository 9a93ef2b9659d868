using System.Runtime.CompilerServices;
using System.Text.Json;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Who an event is of: the object <c>userIdentity</c>, and what it is found by. Made once per access key as long as its rights do not change.</summary>
internal sealed class EventIdentity
{
    private static readonly ConditionalWeakTable<Rights, EventIdentity> Known = [];

    private readonly string? _accessKeyId;
    private readonly string? _session;

    private EventIdentity(string type, string accountId, string principalId, string? accessKeyId, string userName, RoleSession? session = null, string? roleName = null)
    {
        (AccountId, _accessKeyId, _session) = (accountId, accessKeyId, session?.Name);
        AccountNumber = Trail.AccountNumber.Of(accountId);
        EncodedAccountId = JsonEncodedText.Encode(accountId);
        Json = Write(type, principalId, userName, session is not null, session?.BegunAt);
        Terms = [.. FindTerms(principalId, userName, roleName)];
    }

    /// <summary>The account, 16 digits.</summary>
    public string AccountId { get; }

    /// <summary>The account, ready to be written.</summary>
    public JsonEncodedText EncodedAccountId { get; }

    /// <summary>The account as a number.</summary>
    public long AccountNumber { get; }

    /// <summary>The object <c>userIdentity</c>.</summary>
    public byte[] Json { get; }

    /// <summary>By what its events are found.</summary>
    public TrailTerm[] Terms { get; }

    /// <summary>A caller. A name that is not known is told as the id.</summary>
    public static EventIdentity Of(Caller caller, Rights? rights)
    {
        if (rights is null) return Make(caller, null);
        if (Known.TryGetValue(rights, out var known) && known._accessKeyId == caller.AccessKeyId && known.AccountId == caller.AccountId && known._session == caller.Session?.Name) return known;
        var made = Make(caller, rights);
        Known.AddOrUpdate(rights, made);
        return made;
    }

    /// <summary>The service itself.</summary>
    public static EventIdentity OfService(string accountId) => new("system", accountId, "kms", null, "kms");

    private static EventIdentity Make(Caller caller, Rights? rights)
    {
        var name = rights?.Name is { Length: > 0 } known ? known : null;
        if (caller.Session is { } session)
        {
            var role = name ?? session.RoleId;
            return new("assumed-role", caller.AccountId, $"{session.RoleId}:{session.Name}", caller.AccessKeyId, $"{role}:{session.Name}", session, role);
        }
        return caller.UserId is { } userId ? new("ram-user", caller.AccountId, userId, caller.AccessKeyId, name ?? userId) : OfRoot(caller.AccountId, caller.AccessKeyId);
    }

    private static EventIdentity OfRoot(string accountId, string accessKeyId) => new("root-account", accountId, accountId, accessKeyId, "root");

    private byte[] Write(string type, string principalId, string userName, bool isSession, DateTimeOffset? begunAt)
    {
        var json = EventJson.OfThread;
        json.Start();
        byte[]? written;
        do
        {
            json.Open();
            json.Text("type", type);
            json.Text("principalId", principalId);
            json.Text("accountId", AccountId);
            json.Text("accessKeyId", _accessKeyId);
            json.Text("userName", userName);
            if (isSession) WriteSession(json, begunAt);
        }
        while (!json.Close(out written));
        return written;
    }

    private static void WriteSession(EventJson json, DateTimeOffset? begunAt)
    {
        json.BeginObject(JsonEncodedText.Encode("sessionContext"));
        json.BeginObject(JsonEncodedText.Encode("attributes"));
        if (begunAt is { } time) json.Time(JsonEncodedText.Encode("creationDate"), time);
        json.Text("mfaAuthenticated", "false");
        json.EndObject();
        json.EndObject();
    }

    private IEnumerable<TrailTerm> FindTerms(string principalId, string userName, string? roleName)
    {
        yield return TrailTerm.Of(TrailField.User, userName);
        yield return TrailTerm.Of(TrailField.PrincipalId, principalId);
        if (_accessKeyId is not null) yield return TrailTerm.Of(TrailField.EventAccessKeyId, _accessKeyId);
        if (roleName is not null) yield return TrailTerm.Of(TrailField.RoleName, roleName);
    }
}
