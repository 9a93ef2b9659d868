using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class KeyHandleCacheTests(TokenFixture token) : IDisposable
{
    private readonly TokenSession _session = token.OpenSession(handleCacheSize: 3);

    [Fact]
    public void Many_keys_work_with_few_handles()
    {
        var keys = NewKeys(10);
        var ciphertexts = keys.Select(key => Encrypt(key)).ToArray();
        Assert.Equal(3, _session.CachedKeys);
        Assert.All(keys.Zip(ciphertexts), pair => Assert.Equal([7], _session.Decrypt(pair.First, new byte[12], [], pair.Second)));
        Assert.Equal(3, _session.CachedKeys);
    }

    [Fact]
    public void Evicted_keys_leave_the_token()
    {
        var before = TokenObjects.Count(token.Options, isToken: false);
        foreach (var key in NewKeys(10)) Encrypt(key);
        Assert.Equal(before + 3, TokenObjects.Count(token.Options, isToken: false));
    }

    [Fact]
    public void The_least_recently_used_key_gives_way()
    {
        var keys = NewKeys(4);
        foreach (var index in new[] { 0, 1, 2, 0, 3 }) Encrypt(keys[index]);
        Assert.False(_session.Forget(keys[1].KeyVersionId));
        Assert.All([0, 2, 3], index => Assert.True(_session.Forget(keys[index].KeyVersionId)));
    }

    [Fact]
    public void Forget_destroys_the_key_and_a_later_call_unwraps_it_again()
    {
        var key = NewKeys(1)[0];
        var ciphertext = Encrypt(key);
        var before = TokenObjects.Count(token.Options, isToken: false);
        Assert.True(_session.Forget(key.KeyVersionId));
        Assert.False(_session.Forget(key.KeyVersionId));
        Assert.Equal(before - 1, TokenObjects.Count(token.Options, isToken: false));
        Assert.Equal([7], _session.Decrypt(key, new byte[12], [], ciphertext));
    }

    [Fact]
    public void Closing_a_session_destroys_its_keys()
    {
        var before = TokenObjects.Count(token.Options, isToken: false);
        using (var session = token.OpenSession())
        {
            session.Encrypt(NewKeys(1)[0], new byte[12], [], [7]);
            Assert.Equal(before + 2, TokenObjects.Count(token.Options, isToken: false));
        }
        Assert.Equal(before, TokenObjects.Count(token.Options, isToken: false));
    }

    public void Dispose() => _session.Dispose();

    private byte[] Encrypt(HsmKey key) => _session.Encrypt(key, new byte[12], [], [7]);

    private HsmKey[] NewKeys(int count) => [.. Enumerable.Range(0, count).Select(_ => new HsmKey(Guid.NewGuid(), _session.GenerateAesKey()))];
}
