using System.Security.Cryptography;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class SecretSharingTests
{
    // FIPS 197, 4.2: the product, and the ones that lead to it.
    [Theory, InlineData(0x57, 0x83, 0xc1), InlineData(0x57, 0x13, 0xfe), InlineData(0x57, 0x02, 0xae), InlineData(0x57, 0x04, 0x47), InlineData(0x57, 0x08, 0x8e), InlineData(0x57, 0x10, 0x07)]
    [InlineData(0, 0xff, 0), InlineData(1, 0xff, 0xff)]
    public void Products_are_those_of_the_standard(byte a, byte b, byte product) => Assert.Equal((product, product), (GaloisField.Multiply(a, b), GaloisField.Multiply(b, a)));

    [Fact]
    public void All_products_together_are_those_of_logarithm_tables()
    {
        var hash = 7u;
        for (var a = 0; a < 256; a++)
        {
            for (var b = 0; b < 256; b++) hash = (hash * 31) + GaloisField.Multiply((byte)a, (byte)b);
        }
        // Calculated with logarithm tables to base 3 in another language.
        Assert.Equal(0x2b166f87u, hash);
    }

    [Fact]
    public void Every_number_but_zero_times_its_inverse_is_one()
    {
        Assert.Equal(0, GaloisField.Inverse(0));
        for (var a = 1; a < 256; a++) Assert.Equal(1, GaloisField.Multiply((byte)a, GaloisField.Inverse((byte)a)));
    }

    // Calculated with logarithm tables to base 3 in another language.
    [Theory]
    [InlineData(1, "2C7DA66F20E1AAE334E5AED728E9B2EB"), InlineData(2, "2AEAE10F5BB6603EF2FF1917984E0EA6"), InlineData(3, "26B665435F72ECFAEE339DEB9C8A9262")]
    [InlineData(200, "35FAC2F02643A41D7CE7BFE57B3E6705"), InlineData(255, "FAB40D6C9F2ECDFB3E62A00CE7833C14")]
    public void Shares_are_the_values_of_the_polynomials(int number, string share)
    {
        var secret = Convert.FromHexString("202122232425262728292A2B2C2D2E2F");
        var coefficients = Convert.FromHexString("0B30557A9FC4E90E33587DA2C7EC1136" + "076CD1369B0065CA2F94F95EC3288DF2");
        Assert.Equal(share, Convert.ToHexString(SecretSharing.Split(secret, 255, coefficients)[number - 1]));
    }

    public static TheoryData<int, int> AllThresholds()
    {
        var all = new TheoryData<int, int>();
        for (var shares = 2; shares <= 6; shares++)
        {
            for (var threshold = 2; threshold <= shares; threshold++) all.Add(shares, threshold);
        }
        return all;
    }

    [Theory, MemberData(nameof(AllThresholds))]
    public void Every_choice_of_enough_shares_tells_the_secret_and_every_other_share(int shares, int threshold)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var values = SecretSharing.Split(secret, shares, threshold);
        foreach (var points in Choices(values, count => count == threshold))
        {
            Assert.Equal(secret, At(points, 0));
            for (var number = 1; number <= shares; number++)
            {
                if (points.All(point => point.Number != number)) Assert.Equal(values[number - 1], At(points, (byte)number));
            }
        }
    }

    // One share less, and there are coefficients for every secret: a guess of 32 bytes is as good as any other.
    [Theory, MemberData(nameof(AllThresholds))]
    public void Too_few_shares_fit_to_every_secret(int shares, int threshold)
    {
        var values = SecretSharing.Split(RandomNumberGenerator.GetBytes(32), shares, threshold);
        var guess = RandomNumberGenerator.GetBytes(32);
        foreach (var points in Choices(values, count => count == threshold - 1))
        {
            var withGuess = points.Append(((byte)0, guess)).ToArray();
            var missing = At(withGuess, 255);
            Assert.Equal(guess, At([.. points, ((byte)255, missing)], 0));
        }
        foreach (var points in Choices(values, count => count > 0 && count < threshold)) Assert.NotEqual(At(Enough(values, threshold), 0), At(points, 0));
    }

    [Theory, InlineData(3, 1), InlineData(3, 0), InlineData(3, 4), InlineData(256, 2), InlineData(1, 2)]
    public void Other_numbers_are_refused(int shares, int threshold) => Assert.Throws<ArgumentOutOfRangeException>(() => SecretSharing.Split(new byte[32], shares, threshold));

    [Fact]
    public void Two_splits_of_one_secret_have_no_share_in_common()
    {
        var secret = new byte[32];
        Assert.Empty(SecretSharing.Split(secret, 5, 3).Select(Convert.ToHexString).Intersect(SecretSharing.Split(secret, 5, 3).Select(Convert.ToHexString)));
    }

    private static byte[] At(IReadOnlyList<(byte Number, byte[] Value)> points, byte at)
    {
        var values = new byte[32];
        SecretSharing.Interpolate(points, at, values);
        return values;
    }

    private static (byte Number, byte[] Value)[] Enough(byte[][] values, int threshold) => Choices(values, count => count == threshold).First();

    private static IEnumerable<(byte Number, byte[] Value)[]> Choices(byte[][] values, Func<int, bool> isWanted)
    {
        for (var choice = 0u; choice < 1u << values.Length; choice++)
        {
            if (isWanted(int.CreateChecked(uint.PopCount(choice)))) yield return [.. values.Select((value, i) => ((byte)(i + 1), value)).Where((_, i) => (choice >> i & 1) == 1)];
        }
    }
}
