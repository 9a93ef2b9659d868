using System.Security.Cryptography;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// The IVs of one key version in one activation: a random 96-bit start, then one step up per encryption (NIST SP 800-38D, 8.2.2, the RBG-based
/// construction with the incrementing function). Two activations collide only if their runs overlap, so the bound is far beyond that of drawing each
/// IV at random, also after a database was restored to an older state. Not thread safe: it belongs to a grain.
/// </summary>
internal sealed class IvSequence
{
    private readonly byte[] _next = RandomNumberGenerator.GetBytes(CiphertextBlob.IvLength);

    /// <summary>Writes the next IV to <paramref name="iv"/>, 12 bytes.</summary>
    public void Next(Span<byte> iv)
    {
        _next.CopyTo(iv);
        for (var i = _next.Length - 1; i >= 0 && ++_next[i] == 0; i--) { }
    }
}
