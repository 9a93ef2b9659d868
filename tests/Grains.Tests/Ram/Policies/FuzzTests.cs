using System.Text;
using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

/// <summary>Whatever the text, it is a document or refused with a place within it.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 2_500;

    private static readonly string[] Bits =
    [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "*", "?", "\n", "\r\n", "\t", " ", "\0", "1", "-", "/", "/*", "//", "\\u0041", "\\ud800", "\\udc00",
        "\ud83d", "\ude00", "😀", "ä", "\ufeff", "null", "true",
        "\"Effect\":\"Deny\",", "\"Principal\":{},", "\"NotAction\":", "\"Condition\":{}", "[[[[[[[[[[", "acs:", "1e999", "\u2028",
    ];

    [Theory]
    [InlineData(11UL), InlineData(12UL)]
    public void Mutated_documents_are_read_or_refused(ulong seed)
    {
        var dice = new Dice(seed);
        var random = new RandomPolicies(dice);
        var accepted = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var text = dice.Chance(4) ? TrustPolicyTests.Document(Asking.Alice, ",\"Condition\":{\"Bool\":{\"acs:SecureTransport\":\"true\"}}") : random.Document();
            for (var mutations = dice.Below(4); mutations >= 0; mutations--) text = Mutated(text, dice);
            if (IsAccepted(text, seed, i)) accepted++;
        }
        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    [Theory]
    [InlineData(21UL), InlineData(22UL)]
    public void Random_texts_are_refused(ulong seed)
    {
        var dice = new Dice(seed);
        for (var i = 0; i < Rounds; i++)
        {
            var text = dice.Chance(2) ? string.Concat(Enumerable.Range(0, dice.Below(30)).Select(_ => dice.Pick(Bits)))
                : Encoding.Latin1.GetString([.. Enumerable.Range(0, dice.Below(60)).Select(_ => (byte)dice.Below(256))]);
            Assert.False(IsAccepted(text, seed, i), $"seed {seed}, round {i}: {text}");
        }
    }

    // Every beginning of a document ends too early, within a name, a number, an escape or between two tokens.
    [Fact]
    public void A_document_that_was_cut_off_is_refused()
    {
        var document = new RandomPolicies(new(1)).Document();
        for (var length = 0; length < document.Length; length++) Assert.False(IsAccepted(document[..length], 1, length));
        Assert.True(IsAccepted(document, 1, document.Length));
    }

    private static string Mutated(string text, Dice dice)
    {
        var at = dice.Below(text.Length + 1);
        var length = Math.Min(dice.Below(6), text.Length - at);
        return dice.Below(4) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, dice.Pick(Bits)),
            2 => text.Insert(at, text.Substring(dice.Below(text.Length + 1 - length), length)),
            _ => text.Remove(at, length).Insert(at, dice.Pick(Bits)),
        };
    }

    private static bool IsAccepted(string text, ulong seed, int round)
    {
        var isDocument = IsAccepted(text, seed, round, () => Assert.NotEmpty(PolicyDocument.Parse(text, 6144).Statements));
        return IsAccepted(text, seed, round, () => TrustPolicy.Parse(text, 6144)) || isDocument;
    }

    private static bool IsAccepted(string text, ulong seed, int round, Action parse)
    {
        var failure = Record.Exception(parse);
        if (failure is null) return true;
        var lines = text.Split('\n');
        var isInside = failure is PolicyFormatException refusal && refusal.Line >= 1 && refusal.Line <= lines.Length
            && refusal.Column >= 1 && refusal.Column <= lines[refusal.Line - 1].Length + 1;
        Assert.True(isInside, $"seed {seed}, round {round}: {failure}\n{text}");
        return false;
    }
}
