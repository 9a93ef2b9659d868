using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class RootKeyTransferTests(TokenFixture token)
{
    private static readonly byte[] Iv = new byte[12];

    [Fact]
    public void A_root_key_comes_to_a_second_token_and_opens_there_what_the_first_wrapped()
    {
        var (first, second) = (token.NewToken(), token.NewToken());
        using var transferKey = TransferKey.Generate();
        var export = In(first, transfer => transfer.Generate(2, transferKey, 3, 2));
        Assert.True(In(first, transfer => transfer.Import(export, transferKey)));
        Assert.True(In(second, transfer => transfer.Import(export, transferKey)));
        var wrapped = Roots(first, roots => roots.Generate(2));
        var serviceKey = new ServiceKey(wrapped);
        byte[] Encrypt(HsmOptions options)
        {
            using var session = new TokenSession(TokenObjects.Module, options.Addresses[0], serviceKey);
            return session.Encrypt(new HsmKey(Guid.NewGuid(), wrapped), Iv, [1], [2, 3]);
        }
        Assert.Equal(Encrypt(first), Encrypt(second));
    }

    [Theory]
    [InlineData(CKA.CKA_TOKEN, true), InlineData(CKA.CKA_PRIVATE, true), InlineData(CKA.CKA_SENSITIVE, true), InlineData(CKA.CKA_EXTRACTABLE, false), InlineData(CKA.CKA_MODIFIABLE, false)]
    [InlineData(CKA.CKA_WRAP, true), InlineData(CKA.CKA_UNWRAP, true)]
    [InlineData(CKA.CKA_ENCRYPT, false), InlineData(CKA.CKA_DECRYPT, false), InlineData(CKA.CKA_SIGN, false), InlineData(CKA.CKA_VERIFY, false)]
    public void An_exported_root_key_can_do_no_more_than_another(CKA attribute, bool expected)
    {
        var options = token.NewToken();
        using var transferKey = TransferKey.Generate();
        In(options, transfer => transfer.Import(transfer.Generate(2, transferKey, 3, 2), transferKey));
        Assert.Equal(expected, TokenObjects.Look(options, session =>
        {
            using var template = KeyTemplate.FindRootKey(2);
            return session.GetAttributeValue(session.FindAllObjects(template.Attributes).Single(), [attribute])[0].GetValueAsBool();
        }));
    }

    [Fact]
    public void Importing_again_changes_nothing_and_another_key_is_not_overwritten()
    {
        var options = token.NewToken();
        using var transferKey = TransferKey.Generate();
        var export = In(options, transfer => transfer.Generate(2, transferKey, 3, 2));
        var other = In(options, transfer => transfer.Generate(2, transferKey, 3, 2));
        Assert.False(In(options, transfer => transfer.Holds(export)));
        Assert.True(In(options, transfer => transfer.Import(export, transferKey)));
        Assert.False(In(options, transfer => transfer.Import(export, transferKey)));
        Assert.Contains("another key kms-root-2", Assert.Throws<HsmSetupException>(() => In(options, transfer => transfer.Import(other, transferKey))).Message, StringComparison.Ordinal);
        Assert.True(In(options, transfer => transfer.Holds(export)));
        Assert.Equal(1, TokenObjects.Count(options, isToken: true));
    }

    [Fact]
    public void A_wrong_transfer_key_and_an_altered_export_put_nothing_into_the_token()
    {
        var options = token.NewToken();
        using var transferKey = TransferKey.Generate();
        using var otherKey = TransferKey.Generate();
        var export = In(options, transfer => transfer.Generate(2, transferKey, 3, 2));
        var other = In(options, transfer => transfer.Generate(2, transferKey, 3, 2));
        void Refuse(RootKeyExport altered, TransferKey key) => Assert.Throws<HsmSetupException>(() => In(options, transfer => transfer.Import(altered, key)));
        Refuse(export, otherKey);
        Refuse(export with { Wrapped = other.Wrapped }, transferKey);
        Refuse(export with { CheckKey = other.CheckKey }, transferKey);
        Refuse(export with { CheckText = other.CheckText }, transferKey);
        Refuse(export with { RootKeyVersion = 3 }, transferKey);
        Refuse(export with { Id = other.Id }, transferKey);
        Refuse(export with { Wrapped = [.. export.Wrapped[..^1], (byte)(export.Wrapped[^1] ^ 1)] }, transferKey);
        Assert.Equal((0, 0), (TokenObjects.Count(options, isToken: true), TokenObjects.Count(options, isToken: false)));
    }

    [Fact]
    public void A_file_gives_back_the_export()
    {
        using var transferKey = TransferKey.Generate();
        var export = In(token.NewToken(), transfer => transfer.Generate(2, transferKey, 3, 2));
        var path = Path.Combine(token.NewFolder(), "export");
        export.Write(path);
        var read = RootKeyExport.Read(path);
        Assert.Equal((export.Id, 2, 3, 2), (read.Id, read.RootKeyVersion, read.Shares, read.Threshold));
        Assert.Equal(export.Wrapped, read.Wrapped);
        Assert.Equal(export.CheckKey, read.CheckKey);
        Assert.Equal(export.CheckText, read.CheckText);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.WriteAllText(path, "{}");
        Assert.Throws<HsmSetupException>(() => RootKeyExport.Read(path));
        byte[] cut = [1, 2, 3];
        foreach (var damaged in new[] { export with { Wrapped = cut }, export with { CheckKey = cut }, export with { CheckText = cut }, export with { CheckText = null! } })
        {
            damaged.Write(path);
            Assert.Contains("is no root key export, or damaged", Assert.Throws<HsmSetupException>(() => RootKeyExport.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData(KeySpec.Aes256, KeyUsage.EncryptDecrypt), InlineData(KeySpec.EcP256, KeyUsage.SignVerify), InlineData(KeySpec.EcP256K, KeyUsage.SignVerify), InlineData(KeySpec.Rsa2048, KeyUsage.SignVerify)]
    public void Rewrapped_material_is_the_same_under_another_root_key(KeySpec spec, KeyUsage usage)
    {
        var options = token.NewToken();
        var serviceKey = ServiceKeySetup.Open(options, stored: null);
        Roots(options, roots => { roots.Make(2); return 0; });
        using var session = new TokenSession(TokenObjects.Module, options.Addresses[0], serviceKey);
        Assert.Equal([1, 2], Roots(options, roots => roots.Versions()));
        var wrapped = spec == KeySpec.Aes256 ? session.GenerateAesKey() : session.GenerateKeyPair(spec, usage).Wrapped;
        var old = new HsmKey(Guid.NewGuid(), wrapped, spec, usage);
        var objects = TokenObjects.Count(options, isToken: false);
        var rewrapped = old with { KeyVersionId = Guid.NewGuid(), Wrapped = session.Rewrap(old, 2) };
        Assert.Equal(objects, TokenObjects.Count(options, isToken: false));
        Assert.Equal((1, 2), (old.Wrapped.RootKeyVersion, rewrapped.Wrapped.RootKeyVersion));
        Assert.NotEqual(old.Wrapped.Bytes, rewrapped.Wrapped.Bytes);
        byte[] Use(HsmKey key) => spec == KeySpec.Aes256 ? session.Encrypt(key, Iv, [1], [2]) : session.Sign(key, SigningAlgorithm.RsaPkcs1Sha256, new byte[32]);
        if (spec is KeySpec.Aes256 or KeySpec.Rsa2048) Assert.Equal(Use(old), Use(rewrapped));
        // Back again: wrapping is deterministic, so the same material has the same form.
        Assert.Equal(old.Wrapped.Bytes, session.Rewrap(rewrapped, 1).Bytes);
        Assert.Throws<InvalidDataException>(() => session.Rewrap(old with { Wrapped = rewrapped.Wrapped with { RootKeyVersion = 1 } }, 2));
    }

    [Fact]
    public void New_material_is_wrapped_under_the_root_key_that_wraps_the_service_key()
    {
        var options = token.NewToken();
        var serviceKey = ServiceKeySetup.Open(options, stored: null);
        Roots(options, roots => { roots.Make(2); return 0; });
        using var session = new TokenSession(TokenObjects.Module, options.Addresses[0], serviceKey);
        var sealedBytes = session.Seal([1], [2]);
        serviceKey.Replace(session.Rewrap(new HsmKey(Guid.Empty, serviceKey.Wrapped), 2));
        Assert.Equal(2, session.GenerateAesKey().RootKeyVersion);
        Assert.Equal([2], session.Open([1], sealedBytes));
        Roots(options, roots => { Assert.True(roots.Destroy(1)); Assert.False(roots.Destroy(1)); return 0; });
        using var later = new TokenSession(TokenObjects.Module, options.Addresses[0], serviceKey);
        Assert.Equal([2], later.Open([1], sealedBytes));
        later.Probe();
    }

    private static T In<T>(HsmOptions options, Func<RootKeyTransfer, T> use) => TokenObjects.Look(options, session =>
    {
        using var roots = new RootKeys(session, options.TokenLabel);
        return use(new RootKeyTransfer(TokenObjects.Module.Cryptoki, session, roots));
    });

    private static T Roots<T>(HsmOptions options, Func<RootKeys, T> use) => TokenObjects.Look(options, session =>
    {
        using var roots = new RootKeys(session, options.TokenLabel);
        return use(roots);
    });
}
