using Org.BouncyCastle.Crypto;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>Answers with a digest that was worked out elsewhere, whatever it is fed: for a signer that would otherwise hash by itself.</summary>
internal sealed class FixedDigest(byte[] digest) : IDigest
{
    public string AlgorithmName => "fixed";

    public int GetDigestSize() => digest.Length;

    public int GetByteLength() => 64;

    public void Update(byte input) { }

    public void BlockUpdate(byte[] input, int inOff, int inLen) { }

    public void BlockUpdate(ReadOnlySpan<byte> input) { }

    public int DoFinal(byte[] output, int outOff) => DoFinal(output.AsSpan(outOff));

    public int DoFinal(Span<byte> output)
    {
        digest.CopyTo(output);
        return digest.Length;
    }

    public void Reset() { }
}
