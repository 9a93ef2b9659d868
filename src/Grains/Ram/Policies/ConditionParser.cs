using System.Text.Json;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>Reads the element Condition: operators, their keys, their values.</summary>
internal static class ConditionParser
{
    /// <summary>The conditions of the element that the reader stands at; it goes behind it.</summary>
    public static Condition[] Parse(ref PolicyReader reader)
    {
        var conditions = new List<Condition>();
        var begin = reader.Offset;
        var seen = new HashSet<string>();
        reader.EnterObject("Condition");
        while (reader.Token == JsonTokenType.PropertyName)
        {
            var name = reader.Name(seen);
            var comparison = ConditionOperator.Find(name.Text) ?? throw reader.Error($"unknown operator {PolicyFormatException.Shown(name.Text)}", name.Offset);
            AddKeys(ref reader, comparison, name, conditions);
        }
        if (conditions.Count == 0) throw reader.Error("Condition is empty", begin);
        reader.Next();
        return [.. conditions];
    }

    private static void AddKeys(ref PolicyReader reader, ConditionOperator comparison, Located operatorName, List<Condition> conditions)
    {
        var seen = new HashSet<string>();
        reader.EnterObject(operatorName.Text);
        while (reader.Token == JsonTokenType.PropertyName)
        {
            if (conditions.Count == PolicyLimits.Conditions) throw reader.Error($"the statement has more than {PolicyLimits.Conditions} conditions");
            var name = reader.Name(seen);
            var key = ConditionKey.Parse(name.Text) ?? throw reader.Error($"unknown condition key {PolicyFormatException.Shown(name.Text)}", name.Offset);
            if (!comparison.Compares(key)) throw reader.Error($"{comparison.Name} cannot compare {name.Text}", name.Offset);
            conditions.Add(Compile(ref reader, comparison, key, reader.Strings(PolicyFormatException.Shown(name.Text))));
        }
        if (seen.Count == 0) throw reader.Error($"{comparison.Name} is empty", operatorName.Offset);
        reader.Next();
    }

    private static Condition Compile(ref PolicyReader reader, ConditionOperator comparison, ConditionKey key, List<Located> texts)
    {
        var (isNegated, order) = (comparison.IsNegated, comparison.Comparison);
        return comparison.Family switch
        {
            OperatorFamily.Like => new LikeCondition(key, isNegated, Patterns(ref reader, texts)),
            OperatorFamily.Numeric => new NumericCondition(key, isNegated, order, ValueParser.Values(ref reader, texts, text => NumericCondition.Parse(text), "number")),
            OperatorFamily.Date => new DateCondition(key, isNegated, order, ValueParser.Values(ref reader, texts, text => DateCondition.Parse(text), "date such as 2026-01-31T08:00:00Z")),
            OperatorFamily.Address => new AddressCondition(key, isNegated, ValueParser.Values(ref reader, texts, text => SourceAddress.ParseRange(text), "address and no CIDR block")),
            OperatorFamily.Bool => new TextCondition(key, isNegated, StringComparison.Ordinal, ValueParser.Patterns(ref reader, texts, Boolean, "boolean, true or false")),
            OperatorFamily.TextIgnoringCase => new TextCondition(key, isNegated, StringComparison.OrdinalIgnoreCase, [.. texts.Select(text => text.Text)]),
            _ => new TextCondition(key, isNegated, StringComparison.Ordinal, [.. texts.Select(text => text.Text)]),
        };
    }

    private static WildcardPattern[] Patterns(ref PolicyReader reader, List<Located> texts)
    {
        var patterns = ValueParser.Patterns(ref reader, texts, text => new WildcardPattern(text, ignoreCase: false), "pattern");
        for (var i = 0; i < patterns.Length; i++)
        {
            if (patterns[i].Searches) reader.CountSearch(texts[i]);
        }
        return patterns;
    }

    private static string? Boolean(string text) => text is "true" or "false" ? text : null;
}
