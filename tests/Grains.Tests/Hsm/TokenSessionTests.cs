using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class TokenSessionTests(TokenFixture token) : IDisposable
{
    private static readonly byte[] Aad = [1, 2, 3];
    private static readonly byte[] Plaintext = [4, 5, 6, 7];

    private readonly TokenSession _session = token.OpenSession();
    private readonly byte[] _iv = RandomNumberGenerator.GetBytes(12);

    [Theory, InlineData(0), InlineData(1), InlineData(4096), InlineData(8192)]
    public void Decrypt_gives_back_what_was_encrypted(int length)
    {
        var key = NewKey();
        var plaintext = RandomNumberGenerator.GetBytes(length);
        var ciphertext = _session.Encrypt(key, _iv, Aad, plaintext);
        Assert.Equal(length + 16, ciphertext.Length);
        Assert.Equal(plaintext, _session.Decrypt(key, _iv, Aad, ciphertext));
    }

    [Fact]
    public void Another_session_opens_the_same_wrapped_key()
    {
        var key = NewKey();
        var ciphertext = _session.Encrypt(key, _iv, [], Plaintext);
        using var other = token.OpenSession();
        Assert.Equal(ciphertext, other.Encrypt(key, _iv, [], Plaintext));
        Assert.Equal(Plaintext, other.Decrypt(key, _iv, [], ciphertext));
    }

    [Fact]
    public void Every_changed_bit_of_ciphertext_and_tag_is_refused()
    {
        var key = NewKey();
        var ciphertext = _session.Encrypt(key, _iv, Aad, Plaintext);
        foreach (var changed in WithOneBitChanged(ciphertext)) AssertBad(() => _session.Decrypt(key, _iv, Aad, changed));
        Assert.Equal(Plaintext, _session.Decrypt(key, _iv, Aad, ciphertext));
    }

    [Fact]
    public void Every_changed_bit_of_iv_and_aad_is_refused()
    {
        var key = NewKey();
        var ciphertext = _session.Encrypt(key, _iv, Aad, Plaintext);
        foreach (var changed in WithOneBitChanged(_iv)) AssertBad(() => _session.Decrypt(key, changed, Aad, ciphertext));
        foreach (var changed in WithOneBitChanged(Aad)) AssertBad(() => _session.Decrypt(key, _iv, changed, ciphertext));
        Assert.Equal(Plaintext, _session.Decrypt(key, _iv, Aad, ciphertext));
    }

    [Theory, InlineData(0), InlineData(15), InlineData(16), InlineData(19)]
    public void Cut_off_ciphertext_is_refused(int length)
    {
        var key = NewKey();
        var ciphertext = _session.Encrypt(key, _iv, Aad, Plaintext);
        AssertBad(() => _session.Decrypt(key, _iv, Aad, ciphertext[..length]));
    }

    [Fact]
    public void Ciphertext_of_another_key_is_refused()
    {
        var ciphertext = _session.Encrypt(NewKey(), _iv, Aad, Plaintext);
        AssertBad(() => _session.Decrypt(NewKey(), _iv, Aad, ciphertext));
    }

    [Theory, InlineData(0), InlineData(11), InlineData(13), InlineData(16)]
    public void Iv_of_another_length_is_refused(int length)
    {
        var key = NewKey();
        Assert.Throws<ArgumentException>(() => _session.Encrypt(key, new byte[length], Aad, Plaintext));
        Assert.Throws<ArgumentException>(() => _session.Decrypt(key, new byte[length], Aad, new byte[20]));
    }

    [Fact]
    public void Null_iv_is_refused() => Assert.Throws<ArgumentException>(() => _session.Encrypt(NewKey(), null!, Aad, Plaintext));

    [Fact]
    public void Altered_wrapped_key_does_not_open_and_the_session_goes_on()
    {
        var key = NewKey();
        foreach (var changed in WithOneBitChanged(key.Wrapped.Bytes))
        {
            var altered = new HsmKey(Guid.NewGuid(), key.Wrapped with { Bytes = changed });
            Assert.Throws<InvalidDataException>(() => _session.Encrypt(altered, _iv, Aad, Plaintext));
        }
        Assert.Equal(0, _session.CachedKeys);
        Assert.Equal(20, _session.Encrypt(key, _iv, Aad, Plaintext).Length);
    }

    [Theory, InlineData(0), InlineData(3), InlineData(32), InlineData(48)]
    public void Wrapped_key_of_another_length_does_not_open(int length)
    {
        var key = new HsmKey(Guid.NewGuid(), new WrappedKey(1, new byte[length]));
        Assert.Throws<InvalidDataException>(() => _session.Encrypt(key, _iv, Aad, Plaintext));
    }

    [Fact]
    public void Key_under_an_unknown_root_key_does_not_open()
    {
        var key = NewKey();
        var foreign = key with { Wrapped = key.Wrapped with { RootKeyVersion = 2 } };
        Assert.Throws<InvalidDataException>(() => _session.Encrypt(foreign, _iv, Aad, Plaintext));
    }

    [Fact]
    public void Open_gives_back_what_was_sealed()
    {
        var sealedBytes = _session.Seal(Aad, Plaintext);
        Assert.Equal(12 + Plaintext.Length + 16, sealedBytes.Length);
        using var other = token.OpenSession();
        Assert.Equal(Plaintext, other.Open(Aad, sealedBytes));
    }

    [Fact]
    public void Seal_never_repeats_itself() => Assert.NotEqual(_session.Seal(Aad, Plaintext), _session.Seal(Aad, Plaintext));

    [Fact]
    public void Every_changed_bit_of_sealed_bytes_is_refused()
    {
        var sealedBytes = _session.Seal(Aad, Plaintext);
        foreach (var changed in WithOneBitChanged(sealedBytes)) Assert.Throws<InvalidDataException>(() => _session.Open(Aad, changed));
        foreach (var changed in WithOneBitChanged(Aad)) Assert.Throws<InvalidDataException>(() => _session.Open(changed, sealedBytes));
        Assert.Throws<InvalidDataException>(() => _session.Open(Aad, sealedBytes[..27]));
        Assert.Equal(Plaintext, _session.Open(Aad, sealedBytes));
    }

    [Fact]
    public void Wrapped_keys_print_no_bytes()
    {
        var key = NewKey();
        Assert.DoesNotContain("Byte", key.ToString(), StringComparison.Ordinal);
        Assert.Equal("WrappedKey under root key 1", key.Wrapped.ToString());
    }

    public void Dispose() => _session.Dispose();

    private HsmKey NewKey() => new(Guid.NewGuid(), _session.GenerateAesKey());

    private static void AssertBad(Action decrypt)
    {
        var error = Assert.Throws<KmsException>(decrypt);
        Assert.Equal(KmsException.BadCiphertext().Code, error.Code);
        Assert.Equal(KmsException.BadCiphertext().Message, error.Message);
    }

    private static IEnumerable<byte[]> WithOneBitChanged(byte[] original)
    {
        for (var bit = 0; bit < original.Length * 8; bit++)
        {
            var changed = original.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return changed;
        }
    }
}
