using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

public sealed class LostWritesTests
{
    private static readonly Call[] Writes =
        [Write(0, 1, "a"), Write(2, 3, "b"), Write(4, Call.Never, "c"), Write(6, 7, "d"), Write(8, 9, "e") with { Outcome = Outcome.Refused }, Write(10, 20, "f"), Write(12, 22, "g")];

    [Theory]
    [InlineData(-2, -1, null, true), InlineData(-2, -1, "a", false), InlineData(-1, 1, null, true), InlineData(-1, 1, "a", true), InlineData(2, 3, null, false)]
    [InlineData(5, 6, "b", true), InlineData(5, 6, "c", true), InlineData(5, 6, "a", false), InlineData(5, 6, null, false), InlineData(5, 8, "d", true)]
    [InlineData(8, 9, "d", true), InlineData(8, 9, "c", true), InlineData(8, 9, "b", false), InlineData(8, 9, "e", false)]
    [InlineData(30, 31, "f", true), InlineData(30, 31, "g", true), InlineData(30, 31, "c", true), InlineData(30, 31, "d", false), InlineData(30, 31, null, false)]
    public void A_read_shows_the_last_acknowledged_value_or_one_that_was_not_answered(long sent, long answered, string? value, bool isRight)
    {
        var read = new Call("DescribeKey", Calls.Key, sent, answered, Outcome.Done, Value: value);
        Assert.Equal(isRight, !LostWrites.Find(Writes, [read]).Any());
    }

    [Fact]
    public void What_should_have_been_there_is_told()
    {
        var (_, expected) = Assert.Single(LostWrites.Find(Writes, [new("DescribeKey", Calls.Key, 8, 9, Outcome.Done, Value: "b")]));
        Assert.Equal(["c", "d"], expected.Select(write => write.Value));
    }

    private static Call Write(long sent, long answered, string value) =>
        new("UpdateKeyDescription", Calls.Key, sent, answered, answered == Call.Never ? Outcome.Unknown : Outcome.Done, Value: value);
}
