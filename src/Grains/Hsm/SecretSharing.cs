using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Shamir's scheme: every byte of a secret is the value at 0 of a random polynomial over GF(256), and a share is the polynomials' values at the share's number. As many
/// shares as the threshold says tell the secret, fewer tell nothing.
/// </summary>
internal static class SecretSharing
{
    public const int MaxShares = 255;

    /// <summary>Gives the shares with the numbers 1 to <paramref name="shares"/>; the caller wipes them.</summary>
    /// <param name="secret">Any length.</param>
    /// <param name="shares">At most <see cref="MaxShares"/>.</param>
    /// <param name="threshold">At least 2, at most <paramref name="shares"/>.</param>
    public static byte[][] Split(ReadOnlySpan<byte> secret, int shares, int threshold)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shares, MaxShares);
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, shares);
        var coefficients = GC.AllocateArray<byte>((threshold - 1) * secret.Length, pinned: true);
        try
        {
            RandomNumberGenerator.Fill(coefficients);
            return Split(secret, shares, coefficients);
        }
        finally { CryptographicOperations.ZeroMemory(coefficients); }
    }

    /// <summary>Likewise, with coefficients given: for each power from the first, one for each byte of the secret.</summary>
    public static byte[][] Split(ReadOnlySpan<byte> secret, int shares, ReadOnlySpan<byte> coefficients)
    {
        var values = new byte[shares][];
        for (var number = 1; number <= shares; number++)
        {
            var value = values[number - 1] = GC.AllocateArray<byte>(secret.Length, pinned: true);
            // Horner's rule, from the highest power.
            for (var from = coefficients.Length - secret.Length; from >= 0; from -= secret.Length)
            {
                for (var i = 0; i < value.Length; i++) value[i] = GaloisField.Multiply((byte)(value[i] ^ coefficients[from + i]), (byte)number);
            }
            for (var i = 0; i < value.Length; i++) value[i] ^= secret[i];
        }
        return values;
    }

    /// <summary>The values at <paramref name="at"/> of the polynomials that go through the points: at 0 the secret, at another number that number's share.</summary>
    /// <param name="points">As many as the threshold says, with different numbers, none of them <paramref name="at"/>.</param>
    /// <param name="at">Where.</param>
    /// <param name="values">As long as a share.</param>
    public static void Interpolate(IReadOnlyList<(byte Number, byte[] Value)> points, byte at, Span<byte> values)
    {
        values.Clear();
        foreach (var (number, value) in points)
        {
            byte weight = 1;
            foreach (var (other, _) in points)
            {
                if (other != number) weight = GaloisField.Multiply(weight, GaloisField.Multiply((byte)(at ^ other), GaloisField.Inverse((byte)(number ^ other))));
            }
            for (var i = 0; i < values.Length; i++) values[i] ^= GaloisField.Multiply(weight, value[i]);
        }
    }
}
