using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class RootKeyTokensTests(TokenFixture token)
{
    [Fact]
    public void A_root_key_is_the_same_in_all_tokens_and_goes_from_all()
    {
        var (options, addresses) = Two();
        var tokens = new RootKeyTokens(options);
        tokens.Add(1);
        tokens.Add(2);
        Assert.Equal([1, 2], tokens.Versions());
        var serviceKey = new ServiceKey(Wrap(addresses[0], 2));
        Assert.Equal(Use(addresses[0], serviceKey), Use(addresses[1], serviceKey));
        Assert.True(tokens.Destroy(1));
        Assert.False(tokens.Destroy(1));
        Assert.Equal([2], tokens.Versions());
        Assert.All(addresses, address => Assert.Equal([2], new RootKeyTokens(Alone(address)).Versions()));
    }

    [Fact]
    public void An_export_comes_to_the_tokens_that_lack_it()
    {
        var (options, addresses) = Two();
        var both = new RootKeyTokens(options);
        var first = new RootKeyTokens(Alone(addresses[0]));
        using var transferKey = TransferKey.Generate();
        var export = first.Generate(3, transferKey, 2, 2);
        Assert.Equal(0, both.Highest());
        Assert.Equal(1, first.Import(export, transferKey));
        Assert.Equal(([], 3), (both.Versions(), both.Highest()));
        Assert.Equal(1, both.Import(export, transferKey));
        Assert.Equal(0, both.Import(export, transferKey));
        Assert.Equal([3], both.Versions());
    }

    [Fact]
    public void While_a_token_is_away_nothing_is_made_imported_or_destroyed()
    {
        var (options, addresses) = Two();
        new RootKeyTokens(options).Add(1);
        options.Tokens[1].TokenLabel = "not here";
        var tokens = new RootKeyTokens(options);
        using var transferKey = TransferKey.Generate();
        var export = tokens.Generate(2, transferKey, 2, 2);
        Assert.All<Action>(
            [() => tokens.Versions(), () => tokens.Highest(), () => tokens.Add(2), () => tokens.Import(export, transferKey), () => tokens.Destroy(1)],
            call => Assert.Contains("No token 'not here'", Assert.Throws<HsmSetupException>(call).Message, StringComparison.Ordinal));
        Assert.Equal([1], new RootKeyTokens(Alone(addresses[0])).Versions());
    }

    [Fact]
    public void What_a_killed_run_left_in_one_token_goes_by_the_next()
    {
        var (options, addresses) = Two();
        var tokens = new RootKeyTokens(options);
        tokens.Add(1);
        Assert.True(new RootKeyTokens(Alone(addresses[0])).Destroy(1));
        Assert.Equal(([], 1), (tokens.Versions(), tokens.Highest()));
        Assert.True(tokens.Destroy(1));
        Assert.Equal(0, tokens.Highest());
    }

    [Fact]
    public void The_first_service_key_is_under_the_newest_root_key_that_all_tokens_hold()
    {
        var (options, addresses) = Two();
        // A killed run left the first one in one token only.
        new RootKeyTokens(Alone(addresses[0])).Add(1);
        Assert.Contains("No root key is in all tokens", Assert.Throws<HsmSetupException>(() => ServiceKeySetup.Open(options, null)).Message, StringComparison.Ordinal);
        var tokens = new RootKeyTokens(options);
        tokens.Add(2);
        tokens.Add(3);
        new RootKeyTokens(Alone(addresses[1])).Add(4);
        var serviceKey = ServiceKeySetup.Open(options, null);
        Assert.Equal(3, serviceKey.Wrapped.RootKeyVersion);
        Assert.Equal(Use(addresses[0], serviceKey), Use(addresses[1], serviceKey));
    }

    private (HsmOptions Options, IReadOnlyList<TokenAddress> Addresses) Two()
    {
        var options = new HsmOptions { ModulePath = TokenFixture.ModulePath };
        foreach (var one in new[] { token.NewToken(), token.NewToken() }) options.Tokens.Add(new() { TokenLabel = one.TokenLabel, PinFile = one.PinFile });
        return (options, options.Addresses);
    }

    private static HsmOptions Alone(TokenAddress address) => new() { ModulePath = address.ModulePath, TokenLabel = address.Label, PinFile = address.PinFile };

    private static WrappedKey Wrap(TokenAddress address, int version) => TokenObjects.Look(Alone(address), session =>
    {
        using var roots = new RootKeys(session, address.Name);
        return roots.Generate(version);
    });

    private static byte[] Use(TokenAddress address, ServiceKey serviceKey)
    {
        using var session = new TokenSession(TokenObjects.Module, address, serviceKey);
        return session.Encrypt(new HsmKey(Guid.NewGuid(), serviceKey.Wrapped), new byte[12], [1], [2]);
    }
}
