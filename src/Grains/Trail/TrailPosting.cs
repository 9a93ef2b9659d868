using System.Buffers.Binary;

namespace Orleans.Kms.Grains.Trail;

/// <summary>That a segment has events of an account that a term finds.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Term">The term.</param>
internal readonly record struct TrailPosting(long AccountId, TrailTerm Term)
{
    private const int Length = 8 + 2 + 8;

    /// <summary>Postings as a block keeps them: account, field and short form, 18 bytes each, numbers big-endian.</summary>
    public static byte[] Write(List<TrailPosting> postings)
    {
        var bytes = new byte[postings.Count * Length];
        for (var i = 0; i < postings.Count; i++)
        {
            var place = bytes.AsSpan(i * Length);
            var posting = postings[i];
            BinaryPrimitives.WriteInt64BigEndian(place, posting.AccountId);
            BinaryPrimitives.WriteInt16BigEndian(place[8..], (short)posting.Term.Field);
            BinaryPrimitives.WriteInt64BigEndian(place[10..], posting.Term.Value);
        }
        return bytes;
    }

    /// <summary>The postings that a block keeps.</summary>
    public static IEnumerable<TrailPosting> Read(byte[] bytes)
    {
        for (var i = 0; i < bytes.Length; i += Length)
        {
            yield return new(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i)),
                new((TrailField)BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(i + 8)), BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i + 10))));
        }
    }
}
