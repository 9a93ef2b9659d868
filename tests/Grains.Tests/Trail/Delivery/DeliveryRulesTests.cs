using System.Runtime.InteropServices;
using System.Text;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Delivery;

namespace Orleans.Kms.Grains.Tests.Trail.Delivery;

public sealed class DeliveryRulesTests
{
    private const string Account = "1000000000000001";

    [Theory]
    [InlineData("All", "All", true, """{"recipientAccountId":"1000000000000001","eventRW":"Read","acsRegion":"a","isGlobal":false}""")]
    [InlineData("All", "All", true, """{"recipientAccountId":"1000000000000001"}""")]
    [InlineData("All", "All", false, """{"recipientAccountId":"1000000000000002"}""")]
    [InlineData("All", "All", false, """{"requestParameters":{"recipientAccountId":"1000000000000001"},"recipientAccountId":"1000000000000002"}""")]
    [InlineData("All", "All", false, """{"eventRW":"Read"}""")]
    [InlineData("Write", "All", true, """{"eventRW":"Write","recipientAccountId":"1000000000000001"}""")]
    [InlineData("Write", "All", false, """{"eventRW":"Read","recipientAccountId":"1000000000000001"}""")]
    [InlineData("Write", "All", false, """{"recipientAccountId":"1000000000000001"}""")]
    [InlineData("Read", "All", true, """{"eventRW":"Read","recipientAccountId":"1000000000000001"}""")]
    [InlineData("Read", "All", false, """{"additionalEventData":{"eventRW":"Read"},"eventRW":"Write","recipientAccountId":"1000000000000001"}""")]
    [InlineData("All", "a", true, """{"acsRegion":"a","recipientAccountId":"1000000000000001","isGlobal":false}""")]
    [InlineData("All", "b", false, """{"acsRegion":"a","recipientAccountId":"1000000000000001","isGlobal":false}""")]
    [InlineData("All", "b", true, """{"acsRegion":"a","recipientAccountId":"1000000000000001","isGlobal":true}""")]
    [InlineData("Write", "b", false, """{"acsRegion":"a","eventRW":"Read","recipientAccountId":"1000000000000001","isGlobal":true}""")]
    public void A_trail_delivers_the_events_of_its_account_class_and_region(string rw, string region, bool expected, string json) =>
        Assert.Equal(expected, new DeliveryFilter(Account, rw, region).Takes(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_batch_takes_whole_blocks_until_it_is_full()
    {
        var batch = Batch();
        for (var i = 1; i <= 9; i++) Assert.True(batch.TryAdd(Block(i, 512)));
        Assert.False(batch.IsFull);
        Assert.False(batch.TryAdd(Block(10, 512)));
        Assert.True(batch.IsFull);
        Assert.Equal((9 * 512, 9L), (batch.Events.Count, batch.Read[1]));
    }

    [Fact]
    public void A_batch_of_just_as_many_is_full()
    {
        var batch = Batch();
        Assert.True(batch.TryAdd(Block(1, 4999)));
        Assert.False(batch.IsFull);
        Assert.True(batch.TryAdd(Block(2, 1)));
        Assert.True(batch.IsFull);
    }

    [Fact]
    public void A_batch_has_a_limit_in_bytes()
    {
        var batch = Batch();
        for (var i = 1; i <= 3; i++) Assert.True(batch.TryAdd(Block(i, 1, 1 << 20)));
        Assert.False(batch.TryAdd(Block(4, 1, (1 << 20) + 1)));
        Assert.True(Batch().TryAdd(Block(1, 1, 8 << 20)));
    }

    [Fact]
    public void What_is_not_delivered_counts_for_nothing_but_is_read()
    {
        var batch = Batch();
        var foreign = Block(1, 1) with { Body = Encoding.UTF8.GetBytes("{\"recipientAccountId\":\"2\"}\n") };
        Assert.True(batch.TryAdd(foreign));
        Assert.Equal((0, 1L, DateTimeOffset.MaxValue), (batch.Events.Count, batch.Read[1], batch.Oldest));
        Assert.True(batch.TryAdd(Block(2, 1)));
        Assert.Equal((1, 2L, DateTimeOffset.UnixEpoch), (batch.Events.Count, batch.Read[1], batch.Oldest));
    }

    [Fact]
    public void A_batch_keeps_events_and_not_the_blocks_that_they_were_in()
    {
        var batch = Batch();
        Assert.True(batch.TryAdd(Block(1, 2)));
        Assert.All(batch.Events, e => Assert.True(MemoryMarshal.TryGetArray(e, out var kept) && kept.Array!.Length == e.Length));
    }

    [Fact]
    public void Pauses_grow_up_to_five_minutes()
    {
        var (now, pause, lengths) = (DateTimeOffset.UnixEpoch, default(DeliveryPause), new List<double>());
        Assert.False(pause.IsOn(now));
        for (var i = 0; i < 9; i++)
        {
            pause = pause.Next(now);
            lengths.Add(pause.Length.TotalSeconds);
            Assert.True(pause.IsOn(now));
            Assert.False(pause.IsOn(now += pause.Length));
        }
        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300, 300], lengths);
    }

    private static DeliveryBatch Batch() => new(new(Account, "All", "All"));

    private static TrailBlock Block(long number, int events, int length = 0)
    {
        var one = $"{{\"recipientAccountId\":\"{Account}\"}}";
        var line = one.PadRight(Math.Max(length, one.Length)) + "\n";
        return new(1, number, 1, 1, events, DateTimeOffset.UnixEpoch, 0, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, events))), [], [], []);
    }
}
