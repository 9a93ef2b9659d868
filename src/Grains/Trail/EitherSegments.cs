namespace Orleans.Kms.Grains.Trail;

/// <summary>The segments that are in either of two lists.</summary>
internal sealed class EitherSegments(SegmentList one, SegmentList other, bool forward) : SegmentList(forward)
{
    public override SegmentKey? Seek(SegmentKey from) => (one.Seek(from), other.Seek(from)) switch
    {
        ({ } first, { } second) => IsBefore(first, second) ? first : second,
        (var first, var second) => first ?? second,
    };
}
