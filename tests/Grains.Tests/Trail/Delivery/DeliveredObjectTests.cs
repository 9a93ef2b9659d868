using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Orleans.Kms.Grains.Trail.Delivery;

namespace Orleans.Kms.Grains.Tests.Trail.Delivery;

public sealed partial class DeliveredObjectTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 23, 59, 58, TimeSpan.FromHours(-2));

    [Theory]
    [InlineData("", "^AliyunLogs/Actiontrail/local-1/2026/03/02/Actiontrail_local-1_20260302015958_1002_2_")]
    [InlineData("prefix/of-it", "^prefix/of-it/AliyunLogs/Actiontrail/local-1/2026/03/02/Actiontrail_local-1_20260302015958_1002_2_")]
    public void A_name_tells_where_when_how_many_how_long_and_what(string prefix, string pattern)
    {
        var made = DeliveredObject.Of(prefix, "local-1", Time, Events("{\"a\":1}", "{\"b\":\"\u5bc6\"}"));
        Assert.Matches(pattern, made.Name);
        var end = End().Match(made.Name);
        Assert.Equal((made.Bytes.Length.ToString((IFormatProvider?)null), Convert.ToHexStringLower(Md5(made.Bytes))), (end.Groups[1].Value, end.Groups[2].Value));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"a\":1}]", "{\"a\":1}")]
    [InlineData("[{\"a\":1},\n{\"b\":\"\u5bc6\"}]", "{\"a\":1}", "{\"b\":\"\u5bc6\"}")]
    public void The_content_is_one_array_in_gzip(string expected, params string[] events) => Assert.Equal(expected, Unzip(DeliveredObject.Of("", "local-1", Time, Events(events)).Bytes));

    [Fact]
    public void The_same_events_are_the_same_object()
    {
        var (one, other) = (DeliveredObject.Of("", "local-1", Time, Events("{}", "{}")), DeliveredObject.Of("", "local-1", Time, Events("{}", "{}")));
        Assert.Equal((one.Name, Convert.ToHexString(one.Bytes)), (other.Name, Convert.ToHexString(other.Bytes)));
    }

    /// <summary>The text in gzip.</summary>
    internal static string Unzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }

    private static ReadOnlyMemory<byte>[] Events(params string[] texts) => [.. texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))];

#pragma warning disable CA5351 // What names are made of.
    private static byte[] Md5(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    [GeneratedRegex("_([0-9]+)_([0-9a-f]{32})\\.gz$")]
    private static partial Regex End();
}
