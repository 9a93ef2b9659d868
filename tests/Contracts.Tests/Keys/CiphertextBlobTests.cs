using FsCheck.Xunit;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Contracts.Tests.Keys;

public sealed class CiphertextBlobTests
{
    private static readonly Guid Key = new("11223344-5566-7788-99aa-bbccddeeff00");
    private static readonly Guid Version = new("00ffeedd-ccbb-aa99-8877-665544332211");
    private static readonly byte[] Iv = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    [Theory, InlineData(BlobAlgorithm.Aes256Gcm, "0101"), InlineData(BlobAlgorithm.Sm4Gcm, "0102")]
    public void Header_has_the_documented_layout(BlobAlgorithm algorithm, string start)
    {
        var blob = new byte[CiphertextBlob.Overhead + 1];
        CiphertextBlob.WriteHeader(blob, algorithm, Key, Version, Iv);
        Assert.Equal(start + "112233445566778899AABBCCDDEEFF0000FFEEDDCCBBAA9988776655443322110102030405060708090A0B0C", Convert.ToHexString(CiphertextBlob.Header(blob)));
        Assert.True(CiphertextBlob.TryReadHeader(blob, out _, out _));
        Assert.Equal(algorithm, CiphertextBlob.Algorithm(blob));
    }

    [Property]
    public bool What_is_written_is_read(Guid key, Guid version, byte length)
    {
        var blob = new byte[CiphertextBlob.Overhead + 1 + length];
        CiphertextBlob.WriteHeader(blob, BlobAlgorithm.Aes256Gcm, key, version, Iv);
        return CiphertextBlob.TryReadHeader(blob, out var readKey, out var readVersion)
            && readKey == key && readVersion == version && CiphertextBlob.Iv(blob).SequenceEqual(Iv);
    }

    [Property]
    public bool No_bytes_at_all_make_it_throw(byte[] bytes)
    {
        var read = CiphertextBlob.TryReadHeader(bytes, out _, out _);
        return !read || (bytes.Length > CiphertextBlob.Overhead && bytes[0] == 1 && bytes[1] is (1 or 2));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(CiphertextBlob.Overhead, false)]
    [InlineData(CiphertextBlob.Overhead + 1, true)]
    [InlineData(CiphertextBlob.MaxLength, true)]
    [InlineData(CiphertextBlob.MaxLength + 1, false)]
    public void Length_is_bounded(int length, bool expected)
    {
        var blob = new byte[length];
        if (length > CiphertextBlob.HeaderLength) CiphertextBlob.WriteHeader(blob, BlobAlgorithm.Aes256Gcm, Key, Version, Iv);
        Assert.Equal(expected, CiphertextBlob.TryReadHeader(blob, out _, out _));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    public void Unknown_format_or_algorithm_is_no_blob(int offset, byte value)
    {
        var blob = new byte[CiphertextBlob.Overhead + 1];
        CiphertextBlob.WriteHeader(blob, BlobAlgorithm.Aes256Gcm, Key, Version, Iv);
        blob[offset] = value;
        Assert.False(CiphertextBlob.TryReadHeader(blob, out _, out _));
    }

    [Fact]
    public void An_iv_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => CiphertextBlob.WriteHeader(new byte[100], BlobAlgorithm.Aes256Gcm, Key, Version, new byte[11]));
}
