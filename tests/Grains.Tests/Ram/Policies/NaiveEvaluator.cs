using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

/// <summary>
/// The rules of policies once more, word for word and without a thought for speed: looks into the JSON for every question, matches by recursion, knows addresses as the framework does.
/// Documents must be valid.
/// </summary>
internal static partial class NaiveEvaluator
{
    /// <summary>The verdict, and by number from 1 the document and the statement that led to it.</summary>
    public static (Verdict Verdict, int? Document, int? Statement) Evaluate(IReadOnlyList<string> documents, AccessRequest request)
    {
        (int, int)? allow = null, deny = null;
        for (var d = 0; d < documents.Count; d++)
        {
            using var document = JsonDocument.Parse(documents[d]);
            var statements = Many(document.RootElement.GetProperty("Statement"));
            for (var s = 0; s < statements.Count; s++)
            {
                if (!Matches(statements[s], request)) continue;
                if (statements[s].GetProperty("Effect").GetString() == "Deny") deny ??= (d + 1, s + 1);
                else allow ??= (d + 1, s + 1);
            }
        }
        if (deny is not null) return (Verdict.ExplicitDeny, deny.Value.Item1, deny.Value.Item2);
        return allow is null ? (Verdict.ImplicitDeny, null, null) : (Verdict.Allow, allow.Value.Item1, allow.Value.Item2);
    }

    private static bool Matches(JsonElement statement, AccessRequest request)
    {
        var action = request.Action.ToLowerInvariant();
        var isActionMeant = statement.TryGetProperty("Action", out var actions)
            ? Many(actions).Any(pattern => Wild(pattern.GetString()!.ToLowerInvariant(), action))
            : !Many(statement.GetProperty("NotAction")).Any(pattern => Wild(pattern.GetString()!.ToLowerInvariant(), action));
        return isActionMeant
            && Many(statement.GetProperty("Resource")).Any(pattern => Covers(pattern.GetString()!, request.Resource))
            && (!statement.TryGetProperty("Condition", out var condition) || Holds(condition, request));
    }

    private static bool Covers(string pattern, string resource)
    {
        var parts = pattern.Split(':');
        var hasRegion = resource.Split(':')[1] is not ("ram" or "sts");
        if (Wild(pattern, resource)) return true;
        if (hasRegion || parts.Length < 3 || !Wild(parts[1], "ram") && !Wild(parts[1], "sts")) return false;
        parts[2] = parts[2].Contains('*', StringComparison.Ordinal) ? "*" : "?";
        return Wild(string.Join(':', parts), resource);
    }

    private static bool Holds(JsonElement condition, AccessRequest request) => condition.EnumerateObject().All(operation => operation.Value.EnumerateObject().All(key =>
    {
        var name = operation.Name;
        var isNegated = name.Contains("Not", StringComparison.Ordinal);
        var positive = name.Replace("Not", "", StringComparison.Ordinal);
        var value = Value(key.Name, request);
        var isMet = value is not null && Many(key.Value).Any(wanted => Compare(positive, value, wanted.GetString()!));
        return isMet != isNegated;
    }));

    private static bool Compare(string operation, string value, string wanted) => operation switch
    {
        "StringEquals" or "Bool" => value == wanted,
        "StringEqualsIgnoreCase" => value.Equals(wanted, StringComparison.OrdinalIgnoreCase),
        "StringLike" => Wild(wanted, value),
        "IpAddress" => Address(value) is { } address && (wanted.Contains('/', StringComparison.Ordinal) ? IPNetwork.Parse(wanted).Contains(address) : Address(wanted)!.Equals(address)),
        _ when operation.StartsWith("Numeric", StringComparison.Ordinal) => Number(value) is { } number && Compare(operation["Numeric".Length..], number.CompareTo(Number(wanted)!.Value)),
        _ => Date(value) is { } date && Compare(operation["Date".Length..], date.CompareTo(Date(wanted)!.Value)),
    };

    private static bool Compare(string comparison, int order) => comparison switch
    {
        "Equals" => order == 0,
        "LessThan" => order < 0,
        "LessThanEquals" => order <= 0,
        "GreaterThan" => order > 0,
        "GreaterThanEquals" => order >= 0,
        _ => throw new ArgumentException(comparison),
    };

    private static string? Value(string key, AccessRequest request)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        var name = key[..colon].ToLowerInvariant() + key[colon..];
        if (name.StartsWith("kms:tag/", StringComparison.Ordinal)) return request.ResourceTags?.FirstOrDefault(tag => tag.Key == name["kms:tag/".Length..])?.Value;
        if (name.StartsWith("acs:RequestTag/", StringComparison.Ordinal)) return request.RequestTags?.FirstOrDefault(tag => tag.Key == name["acs:RequestTag/".Length..])?.Value;
        const string context = "kms:EncryptionContext:";
        if (name.StartsWith(context, StringComparison.Ordinal)) return request.EncryptionContext?.Pairs.ToDictionary().GetValueOrDefault(name[context.Length..]);
        return name switch
        {
            "acs:CurrentTime" => request.Now.ToString("o", CultureInfo.InvariantCulture),
            "acs:SourceIp" => request.SourceAddress is { } address ? new IPAddress(BitConverter.GetBytes(address).Reverse().ToArray()).ToString() : null,
            "acs:SecureTransport" => request.SecureTransport ? "true" : "false",
            "acs:MFAPresent" => "false",
            "acs:PrincipalARN" => request.PrincipalArn,
            "kms:EncryptionAlgorithm" => request.EncryptionAlgorithm,
            "sts:ExternalId" => request.ExternalId,
            _ => null,
        };
    }

    private static decimal? Number(string text) => NumberForm().IsMatch(text) ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    private static DateTimeOffset? Date(string text) => DateForm().IsMatch(text) ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    private static IPAddress? Address(string text)
    {
        if (!AddressForm().IsMatch(text) || !IPAddress.TryParse(text, out var address)) return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static bool Wild(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty) return text.IsEmpty;
        if (pattern[0] == '*') return Wild(pattern[1..], text) || !text.IsEmpty && Wild(pattern, text[1..]);
        return !text.IsEmpty && (pattern[0] == '?' || pattern[0] == text[0]) && Wild(pattern[1..], text[1..]);
    }

    private static List<JsonElement> Many(JsonElement element) => element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [element];

    [GeneratedRegex(@"^[+-]?\d+(\.\d+)?$")]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex DateForm();

    [GeneratedRegex(@"^(\d+\.\d+\.\d+\.\d+|[0-9a-f:.]*:[0-9a-f:.]*)$")]
    private static partial Regex AddressForm();
}
