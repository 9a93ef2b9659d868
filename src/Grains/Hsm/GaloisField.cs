namespace Orleans.Kms.Grains.Hsm;

/// <summary>Arithmetic on GF(256) with the polynomial of AES, x^8 + x^4 + x^3 + x + 1. Without tables and branches, so that time and cache tell nothing of the operands. Addition is XOR.</summary>
internal static class GaloisField
{
    private const int Polynomial = 0x11b;

    public static byte Multiply(byte a, byte b)
    {
        var (shifted, product) = ((int)a, 0);
        for (var bit = 0; bit < 8; bit++)
        {
            product ^= shifted & -((b >> bit) & 1);
            shifted = (shifted << 1) ^ (Polynomial & -(shifted >> 7));
        }
        return (byte)product;
    }

    /// <summary>The inverse, which is a^254; 0 for 0.</summary>
    public static byte Inverse(byte a)
    {
        byte inverse = 1;
        // 254 = 2 + 4 + ... + 128.
        for (var bit = 1; bit < 8; bit++)
        {
            a = Multiply(a, a);
            inverse = Multiply(inverse, a);
        }
        return inverse;
    }
}
