using System.Buffers.Binary;

namespace Orleans.Kms.Grains.Trail;

/// <summary>A nonce as a block keeps it, 32 bytes, numbers big-endian: the short form of the access key's id (<see cref="TrailTerm"/>), the nonce's, and its expiry in seconds since 1970.</summary>
/// <param name="AccessKey">The short form of the access key's id.</param>
/// <param name="Nonce">The nonce.</param>
internal readonly record struct KeptNonce(long AccessKey, UsedNonce Nonce)
{
    /// <summary>How long one is.</summary>
    public const int Length = 32;

    /// <summary>The nonce of an event's request; null if there is none.</summary>
    public static KeptNonce? Of(TrailEvent e)
    {
        if (e.Nonce is not { } nonce) return null;
        foreach (var term in e.Terms)
        {
            if (term.Field == TrailField.EventAccessKeyId) return new(term.Value, nonce);
        }
        return new(0, nonce);
    }

    public void Write(Span<byte> place)
    {
        BinaryPrimitives.WriteInt64BigEndian(place, AccessKey);
        BinaryPrimitives.WriteUInt128BigEndian(place[8..], Nonce.Hash);
        BinaryPrimitives.WriteInt64BigEndian(place[24..], Nonce.ExpiresAt.ToUnixTimeSeconds());
    }

    public static KeptNonce Read(ReadOnlySpan<byte> place) => new(
        BinaryPrimitives.ReadInt64BigEndian(place),
        new(BinaryPrimitives.ReadUInt128BigEndian(place[8..]), DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(place[24..]))));
}
