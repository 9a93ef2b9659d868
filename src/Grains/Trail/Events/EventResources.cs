using System.Text.Json;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What an event is about. A text that no resource can be named by is none: it is told among the parameters only.</summary>
internal sealed class EventResources
{
    public const string Key = "ACS::KMS::Key";
    public const string Alias = "ACS::KMS::Alias";
    public const string User = "ACS::RAM::User";
    public const string Group = "ACS::RAM::Group";
    public const string Role = "ACS::RAM::Role";
    public const string Policy = "ACS::RAM::Policy";
    public const string AccessKey = "ACS::RAM::AccessKey";
    public const string Trail = "ACS::ActionTrail::Trail";

    private const int MaxNameLength = 264;

    // As many as a call may name, and then some.
    private const int MaxCount = 64;

    private static readonly JsonEncodedText KeyType = JsonEncodedText.Encode(Key);

    [ThreadStatic] private static EventResources? _ofThread;

    private readonly List<Resource> _all = [];

    /// <summary>That of this thread, empty.</summary>
    public static EventResources OfThread()
    {
        var mine = _ofThread ??= new();
        mine._all.Clear();
        return mine;
    }

    /// <summary>Adds a CMK.</summary>
    public void AddKey(Guid id) => Add(new(Key, null, id));

    /// <summary>Adds a resource, unless there is no such name or it is one that no resource has.</summary>
    public void Add(string type, string? name)
    {
        if (IsName(name)) Add(new(type, name, default));
    }

    /// <summary>Adds by what the event is found.</summary>
    public void AddTerms(List<TrailTerm> terms)
    {
        Span<byte> id = stackalloc byte[36];
        for (var i = 0; i < _all.Count; i++)
        {
            var (type, name, keyId) = _all[i];
            if (name is null) keyId.TryFormat(id, out _, "D");
            terms.Add(name is null ? TrailTerm.Of(TrailField.ResourceName, id) : TrailTerm.Of(TrailField.ResourceName, name));
            if (TrailTerm.IsKept(TrailField.ResourceType, type) && !IsTypeBefore(i)) terms.Add(TrailTerm.Of(TrailField.ResourceType, type));
        }
    }

    /// <summary>Writes the fields that tell of them; none if there are none.</summary>
    public void Write(EventJson json)
    {
        if (_all.Count == 0) return;
        if (_all is [{ Name: null, KeyId: var keyId }]) WriteKey(json, keyId);
        else WriteAll(json);
    }

    private static void WriteKey(EventJson json, Guid keyId)
    {
        json.Constant(EventFields.ResourceType, KeyType);
        json.Id(EventFields.ResourceName, keyId);
        json.BeginObject(EventFields.ReferencedResources);
        json.BeginArray(KeyType);
        json.Item(keyId);
        json.EndArray();
        json.EndObject();
    }

    private void WriteAll(EventJson json)
    {
        var groups = _all.GroupBy(resource => resource.Type, resource => resource.Name ?? resource.KeyId.ToString("D")).ToList();
        json.Whole(EventFields.ResourceType, string.Join(';', groups.Select(group => group.Key)));
        json.Whole(EventFields.ResourceName, string.Join(';', groups.Select(group => string.Join(',', group))));
        json.BeginObject(EventFields.ReferencedResources);
        foreach (var group in groups)
        {
            json.BeginArray(JsonEncodedText.Encode(group.Key));
            foreach (var name in group) json.Item(name);
            json.EndArray();
        }
        json.EndObject();
    }

    private bool IsTypeBefore(int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (_all[i].Type == _all[index].Type) return true;
        }
        return false;
    }

    private void Add(Resource resource)
    {
        if (_all.Count < MaxCount && !_all.Contains(resource)) _all.Add(resource);
    }

    // Commas and semicolons stand between names.
    private static bool IsName(string? text)
    {
        if (text is not { Length: > 0 and <= MaxNameLength }) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or '/' or '@' or ':')) return false;
        }
        return true;
    }

    // The name of a CMK is its id, which is not made a text where that can be avoided.
    private readonly record struct Resource(string Type, string? Name, Guid KeyId);
}
