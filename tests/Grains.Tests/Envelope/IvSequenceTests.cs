using Orleans.Kms.Grains.Envelope;

namespace Orleans.Kms.Grains.Tests.Envelope;

public sealed class IvSequenceTests
{
    [Fact]
    public void Each_iv_is_the_one_before_it_plus_one()
    {
        var sequence = new IvSequence();
        var before = Next(sequence);
        for (var i = 0; i < 100_000; i++)
        {
            var next = Next(sequence);
            Assert.Equal((before + 1) & ((UInt128.One << 96) - 1), next);
            before = next;
        }
    }

    [Fact]
    public void Two_sequences_start_apart() => Assert.NotEqual(Next(new IvSequence()) >> 32, Next(new IvSequence()) >> 32);

    private static UInt128 Next(IvSequence sequence)
    {
        Span<byte> iv = stackalloc byte[12];
        sequence.Next(iv);
        UInt128 value = 0;
        foreach (var b in iv) value = (value << 8) | b;
        return value;
    }
}
