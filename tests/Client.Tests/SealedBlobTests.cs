using Orleans.Kms.Client.Envelope;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Tests;

/// <summary>The layout, which lives for ever, and the life of a data key in memory.</summary>
public sealed class SealedBlobTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly EncryptionContext Context = EncryptionContext.Of([new("grain", "a"), new("state", "b")]);

    [Fact]
    public void A_blob_of_format_1_stays_readable()
    {
        var blob = Convert.FromHexString("010005ABABABABAB000102030405060708090A0B3467B777A081E272E361F1E4C3841919A3E7DC34C377A06FDCA8242910F5102ABB15");
        var key = new DataKey(Key, SealedBlob.EncryptedKey(blob), 0);
        Assert.Equal("sealed in format 1"u8.ToArray(), SealedBlob.Open(key, blob, Context));
    }

    [Fact]
    public void A_blob_has_its_data_key_in_front()
    {
        var key = new DataKey(Key, [7, 8, 9], 0);
        var blob = SealedBlob.Seal(key, [1, 2], Context);
        Assert.Equal([1, 0, 3, 7, 8, 9], blob[..6]);
        Assert.Equal(6 + 12 + 2 + 16, blob.Length);
        Assert.Equal([7, 8, 9], SealedBlob.EncryptedKey(blob));
        Assert.Equal([1, 2], SealedBlob.Open(key, blob, Context));
    }

    [Fact]
    public void Nonces_differ()
    {
        var key = new DataKey(Key, [7], 0);
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => Convert.ToHexString(SealedBlob.Seal(key, [], Context)[4..16])).Distinct().Count());
    }

    [Theory, InlineData(""), InlineData("01"), InlineData("0100"), InlineData("01FFFF"), InlineData("0100010000000000000000000000000000000000000000000000000000"), InlineData("02000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_blob_is_refused(string hex) => Assert.Equal(KmsErrorCode.InvalidParameter, Assert.Throws<KmsException>(() => SealedBlob.EncryptedKey(Convert.FromHexString(hex))).Code);

    [Fact]
    public void A_data_key_is_wiped_when_the_last_holder_lets_it_go()
    {
        var key = new DataKey(Key, [7], 0);
        var blob = SealedBlob.Seal(key, [1], Context);
        Assert.True(key.TryHold());
        key.Release();
        Assert.Equal([1], SealedBlob.Open(key, blob, Context));
        key.Release();
        Assert.True(key.IsWiped);
        Assert.False(key.TryHold());
        // The wiped key is all zeros.
        var zeros = new DataKey(new byte[32], [7], 0);
        Assert.Equal([2], SealedBlob.Open(key, SealedBlob.Seal(zeros, [2], Context), Context));
    }
}
