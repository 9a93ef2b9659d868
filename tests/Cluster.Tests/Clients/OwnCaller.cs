using System.Globalization;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Writes what nobody else writes: descriptions, tags and aliases of keys of its own. Every value is a new one.</summary>
internal sealed class OwnCaller(KmsClient client, KeyMaker maker, Recorder recorder, Ledger ledger, Dice dice, int number)
{
    private const int MaxKeys = 20;
    private const int MaxUnknown = 3;
    private readonly List<string> _keys = [];
    private readonly List<string> _aliases = [];
    private readonly Dictionary<string, int> _unknown = [];
    private int _values;

    /// <summary>One call; whether it was answered by a service in order.</summary>
    public async Task<bool> Write()
    {
        if (_keys.Count == 0 || (_keys.Count < MaxKeys && dice.Below(20) == 0)) return await NewKey();
        var key = dice.Of(_keys);
        return dice.Below(6) switch
        {
            0 or 1 => await Send("UpdateKeyDescription", Subjects.Description(key), NewValue(), value => [("KeyId", key), ("Description", value)]),
            2 or 3 => await Send("TagResource", Subjects.Tag(key), NewValue(), value => [("KeyId", key), ("Tags", $$"""[{"TagKey":"t","TagValue":"{{value}}"}]""")]),
            _ => await WriteAlias(key),
        };
    }

    private async Task<bool> NewKey()
    {
        var key = await maker.Own(NewValue(), dice.Below(2) == 0 ? "HSM" : "SOFTWARE");
        if (key is not null) _keys.Add(key);
        return key is not null;
    }

    private async Task<bool> WriteAlias(string key)
    {
        if (_aliases.Count > 0 && (_aliases.Count >= MaxKeys || dice.Below(10) > 0))
        {
            var alias = dice.Of(_aliases);
            return await Send("UpdateAlias", alias, key, value => [("KeyId", value), ("AliasName", alias)]);
        }
        var name = $"alias/{number}-{NewValue()}";
        _aliases.Add(name);
        ledger.Aliases.Enqueue(name);
        return await Send("CreateAlias", name, key, value => [("KeyId", value), ("AliasName", name)]);
    }

    private async Task<bool> Send(string action, string subject, string value, Func<string, (string, string)[]> parameters)
    {
        var answer = await client.Send(action, parameters(value));
        recorder.Add(answer.About(action, subject, value));
        if (answer.Outcome == Outcome.Unknown) Doubt(subject);
        return answer.Outcome != Outcome.Unknown && answer.Code != Answer.Unreachable;
    }

    // What may have one of many values says little: it is left alone, and others are written.
    private void Doubt(string subject)
    {
        var count = _unknown[subject] = _unknown.GetValueOrDefault(subject) + 1;
        if (count < MaxUnknown) return;
        _aliases.Remove(subject);
        _keys.RemoveAll(key => Subjects.Description(key) == subject || Subjects.Tag(key) == subject);
    }

    private string NewValue() => (++_values).ToString(CultureInfo.InvariantCulture);
}
