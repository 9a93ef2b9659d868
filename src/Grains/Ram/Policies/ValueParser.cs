namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>Turns the strings of a list into what they mean, or refuses the first that is malformed.</summary>
internal static class ValueParser
{
    /// <summary>Numbers, dates and the like; <paramref name="what"/> is what each must be.</summary>
    public static T[] Values<T>(ref PolicyReader reader, List<Located> texts, Func<string, T?> parse, string what) where T : struct
    {
        var values = new T[texts.Count];
        for (var i = 0; i < values.Length; i++) values[i] = parse(texts[i].Text) ?? throw Malformed(ref reader, texts[i], what);
        return values;
    }

    /// <summary>Patterns; <paramref name="what"/> is what each must be.</summary>
    public static T[] Patterns<T>(ref PolicyReader reader, List<Located> texts, Func<string, T?> parse, string what) where T : class
    {
        var patterns = new T[texts.Count];
        for (var i = 0; i < patterns.Length; i++)
        {
            var wildcards = texts[i].Text.Count(c => c is '*' or '?');
            if (wildcards > PolicyLimits.Wildcards) throw reader.Error($"the value has more than {PolicyLimits.Wildcards} wildcards", texts[i].Offset);
            patterns[i] = parse(texts[i].Text) ?? throw Malformed(ref reader, texts[i], what);
        }
        return patterns;
    }

    private static PolicyFormatException Malformed(ref PolicyReader reader, Located text, string what) =>
        reader.Error($"{PolicyFormatException.Shown(text.Text)} is no {what}", text.Offset);
}
