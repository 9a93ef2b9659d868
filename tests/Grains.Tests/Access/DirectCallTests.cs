using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Access;

/// <summary>Another Orleans application calls the grains, past the gateway.</summary>
[Collection(TokenTests.Name)]
public sealed class DirectCallTests(TokenFixture token) : IAsyncLifetime
{
    private const string Stranger = "2000000000000002";

    private TestKms _kms = null!;
    private Guid _keyId;

    public async Task InitializeAsync()
    {
        _kms = await TestKms.Start(token, token.NewFolder());
        _kms.SignIn();
        _keyId = (await _kms.Directory().CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Hsm, ""))).KeyId;
        RequestContext.Clear();
    }

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task Without_a_token_every_call_is_refused()
    {
        var directory = _kms.Client.GetGrain<IDirectoryGrain>(TestKms.Account);
        Func<Task>[] calls =
        [
            .. CallsOf(Key()), () => directory.ListKeys(new(1, 10), KeyFilter.All),
            () => directory.CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "")),
        ];
        foreach (var call in calls) await AssertFails(KmsErrorCode.NotAuthenticated, call);
        _kms.SignIn();
        Assert.Equal(KeyState.Enabled, (await Key().Describe()).State);
        Assert.Equal(1, (await directory.ListKeys(new(1, 10), KeyFilter.All)).TotalCount);
    }

    [Fact]
    public async Task With_a_token_calls_are_those_of_its_account()
    {
        _kms.SignIn();
        var blob = (await Key().Encrypt([1, 2], EncryptionContext.Empty)).CiphertextBlob;
        Assert.Equal([1, 2], (await Key().Decrypt(blob, EncryptionContext.Empty)).Plaintext);
    }

    [Fact]
    public async Task With_a_token_of_another_account_every_call_is_refused()
    {
        _kms.SignIn(Stranger);
        foreach (var call in CallsOf(Key())) await AssertFails(KmsErrorCode.KeyNotFound, call);
        await AssertFails(KmsErrorCode.NoPermission, () => _kms.Client.GetGrain<IDirectoryGrain>(TestKms.Account).ListKeys(new(1, 10), KeyFilter.All));
    }

    [Fact]
    public async Task An_altered_or_expired_token_is_refused()
    {
        var good = _kms.Token();
        for (var i = 0; i < good.Sealed.Length; i++)
        {
            var changed = (byte[])good.Sealed.Clone();
            changed[i] ^= 1;
            new CallerToken(changed).Attach();
            await AssertFails(KmsErrorCode.NotAuthenticated, Key().Describe);
        }
        good.Attach();
        await Key().Describe();
        _kms.Clock.Advance(TimeSpan.FromHours(1));
        await AssertFails(KmsErrorCode.NotAuthenticated, Key().Describe);
    }

    [Fact]
    public async Task The_inside_of_the_service_is_closed_to_clients()
    {
        _kms.SignIn();
        Func<Task>[] calls =
        [
            () => _kms.Client.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(TestKms.Account, _keyId)).RunDue(),
            () => _kms.Client.GetGrain<IAccessKeyServiceGrain>("mine").Issue(TestKms.Account, null, [1]),
            async () => await _kms.Client.GetGrain<IHsmWorkerGrain>(0).Open([], [1]),
            async () => await _kms.Client.GetGrain<IHsmWorkerGrain>(0).GenerateAesKey(),
            async () => await _kms.Client.GetGrain<IHsmKeyPairGrain>(1).GenerateKeyPair(KeySpec.EcP256, KeyUsage.SignVerify),
        ];
        foreach (var call in calls) await AssertFails(KmsErrorCode.NotAuthenticated, call);
    }

    [Fact]
    public async Task Limits_hold_without_the_gateway_too()
    {
        _kms.SignIn();
        await AssertFails(KmsErrorCode.InvalidParameter, async () => await Key().Encrypt(new byte[8193], EncryptionContext.Empty));
        await AssertFails(KmsErrorCode.InvalidParameter, async () => await Key().GenerateDataKey(1025, EncryptionContext.Empty));
        await AssertFails(KmsErrorCode.InvalidParameter, async () => await Key().Decrypt(new byte[100_000], EncryptionContext.Empty));
        await AssertFails(KmsErrorCode.InvalidParameter, () => _kms.Client.GetGrain<IDirectoryGrain>(TestKms.Account).ListKeys(new(1, 101), KeyFilter.All));
        var (labels, versions) = (Grain<IKeyLabelsGrain>(), Grain<IKeyVersionsGrain>());
        foreach (var page in new PageRequest[] { new(0, 10), new(1, 0), new(1, 101) })
        {
            await AssertFails(KmsErrorCode.InvalidParameter, () => labels.ListAliases(page));
            await AssertFails(KmsErrorCode.InvalidParameter, () => versions.ListVersions(page));
        }
        string[] keys = [.. Enumerable.Range(0, 21).Select(i => $"k{i}")];
        await labels.RemoveTags(keys[..20]);
        await AssertFails(KmsErrorCode.InvalidParameter, () => labels.RemoveTags(keys));
    }

    [Fact]
    public async Task What_is_null_is_malformed()
    {
        _kms.SignIn();
        var blob = (await Key().Encrypt([1], EncryptionContext.Empty)).CiphertextBlob;
        var pair = await _kms.Directory().CreateKey(new(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, ""));
        var version = (await _kms.Versions(pair.KeyId).ListVersions(new(1, 1))).Versions.Single().VersionId;
        Func<Task>[] calls =
        [
            async () => await Key().Encrypt(null!, EncryptionContext.Empty), async () => await Key().Encrypt([1], null!),
            async () => await Key().Decrypt(null!, EncryptionContext.Empty), async () => await Key().Decrypt(blob, null!),
            async () => await Key().GenerateDataKey(32, null!), async () => await Key().GenerateDataKeyWithoutPlaintext(32, null!),
            async () => await _kms.DataKeys(_keyId).ReEncrypt(blob, null!, _keyId, EncryptionContext.Empty),
            async () => await _kms.DataKeys(_keyId).ReEncrypt(blob, EncryptionContext.Empty, _keyId, null!),
            async () => await _kms.Asymmetric(pair.KeyId).Encrypt(version, EncryptionAlgorithm.RsaesOaepSha1, null!),
            async () => await _kms.Asymmetric(pair.KeyId).Decrypt(version, EncryptionAlgorithm.RsaesOaepSha1, null!),
            async () => await _kms.DataKeys(pair.KeyId).ReEncryptAsymmetric(version, EncryptionAlgorithm.RsaesOaepSha1, null!, _keyId, EncryptionContext.Empty),
        ];
        foreach (var call in calls) await AssertFails(KmsErrorCode.InvalidParameter, call);
        await Grain<IKeyLabelsGrain>().AddTags([new("a", "b")]);
        calls =
        [
            () => Grain<IKeyLabelsGrain>().RemoveTags(null!), () => Grain<IKeyLabelsGrain>().RemoveTags([null!]), () => Grain<IKeyLabelsGrain>().ListAliases(null!),
            () => Grain<IKeyVersionsGrain>().ListVersions(null!), () => _kms.Directory().ListKeys(null!, KeyFilter.All), () => _kms.Directory().ListAliases(null!),
            () => _kms.Directory().ListTagResources(null!), () => _kms.Directory().CreateKey(null!),
        ];
        foreach (var call in calls) await AssertFails(KmsErrorCode.InvalidParameter, call);
        await AssertFails(KmsErrorCode.InvalidTagKey, () => _kms.Directory().UntagResources([_keyId], [null!], all: false));
        Assert.Single(await Grain<IKeyLabelsGrain>().ListTags());
    }

    private IKeyGrain Key() => Grain<IKeyGrain>();

    private T Grain<T>() where T : IGrainWithStringKey => _kms.Client.GetGrain<T>(KeyId.GrainKey(TestKms.Account, _keyId));

    private static Func<Task>[] CallsOf(IKeyGrain key) =>
    [
        key.Describe, key.Enable, key.Disable,
        async () => await key.Encrypt([1], EncryptionContext.Empty), async () => await key.Decrypt(new byte[100], EncryptionContext.Empty),
        async () => await key.GenerateDataKey(32, EncryptionContext.Empty), async () => await key.GenerateDataKeyWithoutPlaintext(32, EncryptionContext.Empty),
    ];

    private static async Task AssertFails(KmsErrorCode expected, Func<Task> call) => Assert.Equal(expected, (await Assert.ThrowsAsync<KmsException>(call)).Code);
}
