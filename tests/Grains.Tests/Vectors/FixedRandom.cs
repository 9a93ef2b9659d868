using Org.BouncyCastle.Security;

namespace Orleans.Kms.Grains.Tests.Vectors;

/// <summary>Gives a published nonce in place of a random one.</summary>
internal sealed class FixedRandom(byte[] nonce) : SecureRandom(null)
{
    public override void NextBytes(byte[] buf) => nonce.CopyTo(buf, 0);

    public override void NextBytes(byte[] buf, int off, int len) => nonce.AsSpan(0, len).CopyTo(buf.AsSpan(off));

    public override void NextBytes(Span<byte> buffer) => nonce.CopyTo(buffer);
}
