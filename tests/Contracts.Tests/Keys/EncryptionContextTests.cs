using FsCheck.Xunit;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Contracts.Tests.Keys;

public sealed class EncryptionContextTests
{
    [Fact]
    public void Canonical_form_is_sorted_and_length_prefixed()
    {
        var context = Context(("b", "é"), ("a", ""));
        Assert.Equal("0000000161" + "00000000" + "0000000162" + "00000002C3A9", Convert.ToHexString(Canonical(context)));
    }

    [Fact]
    public void Order_does_not_matter() => Assert.Equal(Canonical(Context(("a", "1"), ("b", "2"))), Canonical(Context(("b", "2"), ("a", "1"))));

    [Fact]
    public void None_and_empty_are_equal() => Assert.Same(EncryptionContext.Empty, EncryptionContext.Of([]));

    [Fact]
    public void Keys_are_sorted_by_code_unit_and_not_by_culture() => Assert.Equal(["B", "a", "ä"], Context(("ä", ""), ("a", ""), ("B", "")).Pairs.Select(p => p.Key));

    // Pairs whose texts run together in the same way are still different contexts.
    [Theory]
    [InlineData("ab", "c", "a", "bc")]
    [InlineData("a", "", "", "a")]
    [InlineData("a", "b", "A", "b")]
    public void Different_pairs_have_different_forms(string key1, string value1, string key2, string value2) =>
        Assert.NotEqual(Canonical(Context((key1, value1))), Canonical(Context((key2, value2))));

    [Property]
    public bool Equal_forms_mean_equal_pairs(Dictionary<char, string?> left, Dictionary<char, string?> right)
    {
        var (a, b) = (Pairs(left), Pairs(right));
        var samePairs = a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out var value) && value == p.Value);
        return Canonical(EncryptionContext.Of(a)).AsSpan().SequenceEqual(Canonical(EncryptionContext.Of(b))) == samePairs;
    }

    [Fact]
    public void A_key_given_twice_is_refused() => AssertInvalid(() => Context(("a", "1"), ("a", "1")));

    [Fact]
    public void The_longest_context_is_accepted_and_a_longer_one_refused()
    {
        const string twoPairs = """{"a":"","k":""}""";
        var room = EncryptionContext.MaxJsonLength - twoPairs.Length + 1;
        Assert.Equal(2, Context(("a", ""), ("k", new string('v', room - 1))).Pairs.Count);
        AssertInvalid(() => Context(("a", ""), ("k", new string('v', room))));
    }

    [Theory, InlineData('"', 2), InlineData('\\', 2), InlineData('\n', 2), InlineData('\u0001', 6), InlineData('/', 1), InlineData('é', 1)]
    public void What_json_escapes_counts_as_its_escape(char c, int length)
    {
        const string onePair = """{"k":""}""";
        var most = (EncryptionContext.MaxJsonLength - onePair.Length) / length;
        Assert.Single(Context(("k", new string(c, most))).Pairs);
        AssertInvalid(() => Context(("k", new string(c, most + 1))));
    }

    private static void AssertInvalid(Func<object> make) => Assert.Equal(KmsErrorCode.InvalidParameter, Assert.Throws<KmsException>(make).Code);

    // Random strings may hold lone surrogates, which UTF-8 cannot carry and no request can hold.
    private static Dictionary<string, string> Pairs(Dictionary<char, string?> random) => random
        .Where(p => !char.IsSurrogate(p.Key))
        .ToDictionary(p => p.Key.ToString(), p => new string([.. (p.Value ?? "").Where(c => !char.IsSurrogate(c))]));

    private static EncryptionContext Context(params (string Key, string Value)[] pairs) => EncryptionContext.Of(pairs.Select(p => KeyValuePair.Create(p.Key, p.Value)));

    private static byte[] Canonical(EncryptionContext context)
    {
        var bytes = new byte[context.CanonicalLength];
        context.WriteCanonical(bytes);
        return bytes;
    }
}
