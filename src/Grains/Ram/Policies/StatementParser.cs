using System.Text.Json;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>Reads one statement.</summary>
internal sealed class StatementParser
{
    private Effect? _effect;
    private bool _isNotAction;
    private WildcardPattern[]? _actions;
    private ResourcePattern[]? _resources;
    private TrustedPrincipals? _principals;
    private Condition[]? _conditions;

    /// <summary>The statement that the reader stands at; it goes behind it.</summary>
    public static ParsedStatement Parse(ref PolicyReader reader, DocumentKind kind)
    {
        var begin = reader.Offset;
        var parser = new StatementParser();
        var seen = new HashSet<string>();
        reader.EnterObject("every statement");
        while (reader.Token == JsonTokenType.PropertyName) parser.ReadElement(ref reader, reader.Name(seen), kind);
        var statement = parser.Complete(ref reader, kind, begin);
        reader.Next();
        return statement;
    }

    private void ReadElement(ref PolicyReader reader, Located name, DocumentKind kind)
    {
        switch (name.Text, kind)
        {
            case ("Effect", _): _effect = ReadEffect(ref reader); break;
            case ("Action" or "NotAction", _): ReadActions(ref reader, name); break;
            case ("Condition", _): _conditions = ConditionParser.Parse(ref reader); break;
            case ("Resource", DocumentKind.Identity):
                _resources = ValueParser.Patterns(ref reader, reader.Strings("Resource"), ResourcePattern.Parse, "resource: acs:service:region:account:relative-id, or *");
                break;
            case ("Principal", DocumentKind.Trust): _principals = PrincipalParser.Parse(ref reader); break;
            case ("Resource", _): throw reader.Error("a trust policy has no Resource: it is about the role it belongs to", name.Offset);
            case ("Principal", _): throw reader.Error("Principal belongs into trust policies of roles only", name.Offset);
            case ("NotResource", _): throw reader.Error("NotResource does not exist in RAM policies", name.Offset);
            default: throw reader.Error($"unknown element {PolicyFormatException.Shown(name.Text)}", name.Offset);
        }
    }

    private static Effect ReadEffect(ref PolicyReader reader)
    {
        var effect = reader.String("Effect");
        return effect.Text switch
        {
            "Allow" => Effect.Allow,
            "Deny" => Effect.Deny,
            _ => throw reader.Error("Effect must be Allow or Deny", effect.Offset),
        };
    }

    private void ReadActions(ref PolicyReader reader, Located name)
    {
        if (_actions is not null) throw reader.Error("a statement has either Action or NotAction", name.Offset);
        _isNotAction = name.Text == "NotAction";
        _actions = ValueParser.Patterns(ref reader, reader.Strings(name.Text), ActionPattern.Parse, "action: service:Name, or *");
    }

    private ParsedStatement Complete(ref PolicyReader reader, DocumentKind kind, int begin)
    {
        if (_effect is not { } effect) throw reader.Error("the statement has no Effect", begin);
        if (_actions is null) throw reader.Error("the statement has neither Action nor NotAction", begin);
        if (kind == DocumentKind.Identity && _resources is null) throw reader.Error("the statement has no Resource", begin);
        if (kind == DocumentKind.Trust && _principals is null) throw reader.Error("the statement has no Principal", begin);
        return new(new(effect, _isNotAction, _actions, _resources ?? [ResourcePattern.Any], _conditions ?? []), _principals);
    }
}
