using System.Security.Cryptography;
using Orleans.Kms.Grains.Sealing;

namespace Orleans.Kms.Grains.Tests.Setup;

public sealed class InProcessSealTests : IDisposable
{
    private static readonly byte[] Place = [1, 2, 3];

    private readonly InProcessSeal _seal = new(ServiceKey());

    public void Dispose() => _seal.Dispose();

    [Theory, InlineData(0), InlineData(1), InlineData(32), InlineData(2400)]
    public async Task Sealed_bytes_are_iv_ciphertext_tag(int length)
    {
        var plaintext = RandomNumberGenerator.GetBytes(length);
        var sealedBytes = await _seal.Seal(Guid.Empty, Place, plaintext);
        var opened = new byte[length];
        using var aes = new AesGcm(ServiceKey(), 16);
        aes.Decrypt(sealedBytes.AsSpan(..12), sealedBytes.AsSpan(12..^16), sealedBytes.AsSpan(^16..), opened, Place);
        Assert.Equal(plaintext, opened);
        Assert.Equal(plaintext, await _seal.Open(Guid.Empty, Place, sealedBytes));
    }

    [Fact]
    public void Nothing_is_sealed_twice_alike() => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(_seal.Seal(Place, [1])[..12])).Distinct().Count());

    [Fact]
    public void Whatever_is_altered_does_not_open()
    {
        var sealedBytes = _seal.Seal(Place, [1, 2, 3, 4]);
        for (var i = 0; i < sealedBytes.Length; i++)
        {
            byte[] altered = [.. sealedBytes];
            altered[i] ^= 1;
            Assert.Throws<InvalidDataException>(() => _seal.Open(Place, altered));
            Assert.Throws<InvalidDataException>(() => _seal.Open(Place, sealedBytes[..i]));
        }
        foreach (var place in new byte[][] { [], [1, 2], [1, 2, 4], [1, 2, 3, 0] }) Assert.Throws<InvalidDataException>(() => _seal.Open(place, sealedBytes));
        using var other = new InProcessSeal(RandomNumberGenerator.GetBytes(32));
        Assert.Throws<InvalidDataException>(() => other.Open(Place, sealedBytes));
    }

    [Fact]
    public void Many_threads_use_it_at_once() => Parallel.For(0, 20_000, i =>
    {
        var plaintext = BitConverter.GetBytes(i);
        Assert.Equal(plaintext, _seal.Open(plaintext, _seal.Seal(plaintext, plaintext)));
    });

    [Fact]
    public void The_service_key_is_wiped_where_it_came_from()
    {
        var key = ServiceKey();
        using (new InProcessSeal(key)) Assert.Equal(new byte[32], key);
        Assert.Throws<CryptographicException>(() => new InProcessSeal([1, 2, 3]));
    }

    [Fact]
    public void Nothing_is_sealed_after_its_end()
    {
        var ended = new InProcessSeal(ServiceKey());
        ended.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ended.Seal(Place, [1]));
        Assert.Throws<ObjectDisposedException>(() => ended.Open(Place, new byte[40]));
    }

    private static byte[] ServiceKey() => [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
}
