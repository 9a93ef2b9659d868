using System.Text.Json;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

/// <summary>Valid documents and requests of few words, so that they often meet.</summary>
internal sealed class RandomPolicies(Dice dice)
{
    private static readonly string[] Actions = ["kms:Encrypt", "kms:Decrypt", "kms:ListKeys", "ram:GetUser", "sts:AssumeRole"];

    private static readonly string[] Resources =
    [
        Asking.Key, $"acs:kms:local-1:{Asking.Account}:key/1234", $"acs:kms:local-2:{Asking.Account}:alias/a:b", $"acs:ram:*:{Asking.Account}:user/alice", $"acs:sts:*:{Asking.Account}:x",
    ];

    private static readonly string[] Texts =
    [
        "Apollo", "apollo", "Ap", "", "5", "5.0", "-4", "true", "false", "2026-03-01T12:00:00Z",
        "2026-03-01T13:00+01:00", "192.0.2.1", "2001:db8::1", Asking.Alice,
    ];

    private static readonly string[] Numbers = ["5", "5.00", "4", "-4", "+6", "0.5"];
    private static readonly string[] Dates =
    [
        "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.5Z", "2026-03-01T12:00Z", "2026-03-01T20:00:00+08:00", "2025-01-01T00:00:00Z", "2027-01-01T00:00:00-05:00",
    ];

    private static readonly string[] Ranges = ["192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32", "::/0", "2001:db8::1", "::ffff:192.0.2.1"];
    private static readonly string[] Addresses = ["192.0.2.1", "192.0.2.200", "10.1.1.1", "2001:db8::1", "2001:db9::", "::ffff:10.0.0.1"];
    private static readonly string[] TextKeys =
    [
        "kms:tag/a", "KMS:tag/a", "kms:tag/A", "acs:RequestTag/a", "kms:EncryptionAlgorithm", "kms:EncryptionContext:a", "sts:ExternalId", "acs:PrincipalARN", "acs:SecureTransport",
        "acs:MFAPresent", "acs:SourceVpc", "oss:Prefix",
    ];

    private static readonly (string Family, string Own, string[] Values, string[] Operators)[] Families =
    [
        ("String", "kms:tag/a", Texts, ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"]),
        ("Numeric", "kms:tag/a", Numbers,
            ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"]),
        ("Date", "acs:CurrentTime", Dates, ["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"]),
        ("Bool", "acs:SecureTransport", ["true", "false"], ["Bool"]),
        ("Address", "acs:SourceIp", Ranges, ["IpAddress", "NotIpAddress"]),
    ];

    public AccessRequest Request() => Asking.Request(dice.Chance(4) ? dice.Pick(Actions).ToUpperInvariant() : dice.Pick(Actions), dice.Pick(Resources)) with
    {
        Now = Asking.Encrypt.Now.AddSeconds(dice.Below(3) * 0.5),
        SourceAddress = dice.Chance(4) ? null : SourceAddress.Parse(dice.Pick(Addresses)),
        SecureTransport = dice.Chance(2),
        ResourceTags = dice.Chance(4) ? null : Tags(),
        RequestTags = dice.Chance(2) ? null : Tags(),
        EncryptionAlgorithm = dice.Chance(2) ? null : Some(),
        EncryptionContext = dice.Chance(2) ? null : EncryptionContext.Of([new("a", dice.Pick(Texts)), new("b", "Apollo")]),
        ExternalId = dice.Chance(2) ? null : Some(),
    };

    public string Document()
    {
        var statements = Enumerable.Range(0, 1 + dice.Below(4)).Select(_ => Statement()).ToList();
        return JsonSerializer.Serialize(new Dictionary<string, object> { ["Statement"] = statements.Count == 1 && dice.Chance(2) ? statements[0] : statements, ["Version"] = "1" });
    }

    private Tag[] Tags() => [new("b", "Apollo"), new(dice.Pick("a", "A"), dice.Pick(Texts))];

    // What an absent and an empty value have in common is a matter of its own.
    private string Some() => dice.Pick(Texts) is { Length: > 0 } text ? text : "Apollo";

    private Dictionary<string, object> Statement()
    {
        var statement = new Dictionary<string, object>
        {
            [dice.Chance(5) ? "NotAction" : "Action"] = Many(Action),
            ["Resource"] = Many(Resource),
            ["Effect"] = dice.Chance(3) ? "Deny" : "Allow",
        };
        if (dice.Chance(2)) statement["Condition"] = Condition();
        return statement;
    }

    private Dictionary<string, Dictionary<string, object>> Condition()
    {
        var condition = new Dictionary<string, Dictionary<string, object>>();
        for (var i = dice.Below(2); i >= 0; i--)
        {
            var (family, own, values, operators) = dice.Pick(Families);
            var isLike = family == "String" && dice.Chance(2);
            var keys = Enumerable.Range(0, 1 + dice.Below(2)).Select(_ => dice.Chance(2) ? own : dice.Pick(TextKeys)).Distinct();
            condition[isLike ? dice.Pick("StringLike", "StringNotLike") : dice.Pick(operators)] =
                keys.ToDictionary(key => key, _ => Many(() => isLike ? Blurred(dice.Pick(values)) : dice.Pick(values)));
        }
        return condition;
    }

    private string Action()
    {
        if (dice.Chance(8)) return "*";
        var pair = dice.Pick(Actions).Split(':');
        return $"{(dice.Chance(4) ? Blurred(pair[0]) : pair[0])}:{(dice.Chance(2) ? Blurred(pair[1]) : pair[1].ToLowerInvariant())}";
    }

    private string Resource()
    {
        if (dice.Chance(5)) return "*";
        var parts = dice.Pick(Resources).Split(':', 5);
        if (dice.Chance(3)) parts[2] = dice.Pick("", "*", "local-1", "cn-*");
        var i = 1 + dice.Below(4);
        if (dice.Chance(2)) parts[i] = Blurred(parts[i]);
        return dice.Chance(4) ? $"{string.Join(':', parts[..(2 + dice.Below(3))])}*" : string.Join(':', parts);
    }

    // Some run becomes a star, some character a question mark. Never empty.
    private string Blurred(string text)
    {
        var from = dice.Below(text.Length + 1);
        var to = from + dice.Below(text.Length - from + 1);
        var starred = string.Concat(text[..from], "*", text[to..]).ToCharArray();
        if (dice.Chance(3)) starred[dice.Below(starred.Length)] = '?';
        return new(starred);
    }

    private object Many(Func<string> one) => dice.Chance(2) ? one() : Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => one()).ToArray();
}
