using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Keys;

/// <summary>What takes long keeps nothing else waiting, and is of no effect once the key is out of use.</summary>
[Collection(TokenTests.Name)]
public sealed class SlowWorkTests(TokenFixture token) : IAsyncLifetime
{
    private static readonly byte[] Digest = SHA256.HashData("a message"u8);
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task Disabling_does_not_wait_for_a_new_version_and_that_is_not_added()
    {
        var (id, _) = await Create(KeySpec.Rsa2048, KeyUsage.SignVerify);
        _kms.Clock.Advance(TimeSpan.FromDays(KeyVersion.MinDaysBetween));
        _kms.SignIn();
        using var busy = new BusyCores(work => CoreShare.MakeKeyPair(work));
        var making = _kms.VersionMaker(id).CreateVersion();
        await _kms.Key(id).Disable();
        for (var round = 1; round < 100 && making.IsCompleted; round++)
        {
            // The key was disabled before its maker asked: once more.
            Assert.Equal(KmsErrorCode.KeyDisabled, (await Assert.ThrowsAsync<KmsException>(() => making)).Code);
            await _kms.Key(id).Enable();
            making = _kms.VersionMaker(id).CreateVersion();
            await _kms.Key(id).Disable();
        }
        Assert.False(making.IsCompleted);
        busy.Release();
        Assert.Equal(KmsErrorCode.KeyDisabled, (await Assert.ThrowsAsync<KmsException>(() => making)).Code);
        Assert.Equal(1, (await _kms.Versions(id).ListVersions(new(1, 10))).TotalCount);
        await _kms.Key(id).Enable();
        await _kms.VersionMaker(id).CreateVersion();
        Assert.Equal(2, (await _kms.Versions(id).ListVersions(new(1, 10))).TotalCount);
    }

    [Fact]
    public async Task Of_two_new_versions_at_once_one_is_added()
    {
        var (id, _) = await Create(KeySpec.EcP256, KeyUsage.SignVerify);
        _kms.Clock.Advance(TimeSpan.FromDays(KeyVersion.MinDaysBetween));
        _kms.SignIn();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Record.ExceptionAsync(_kms.VersionMaker(id).CreateVersion)));
        Assert.Single(outcomes, outcome => outcome is null);
        Assert.Equal(3, outcomes.Count(outcome => outcome is KmsException { Code: KmsErrorCode.RejectedUnsupportedOperation }));
        Assert.Equal(2, (await _kms.Versions(id).ListVersions(new(1, 10))).TotalCount);
    }

    [Theory]
    [InlineData(KeySpec.Rsa2048, SigningAlgorithm.RsaPssSha256)]
    [InlineData(KeySpec.EcP256K, SigningAlgorithm.EcdsaSha256)]
    [InlineData(KeySpec.EcSm2, SigningAlgorithm.Sm2Dsa)]
    public async Task A_signature_that_waits_does_not_hold_up_disabling_and_is_refused_then(KeySpec spec, SigningAlgorithm algorithm)
    {
        var (id, version) = await Create(spec, KeyUsage.SignVerify);
        await _kms.Asymmetric(id).Sign(version, algorithm, Digest);
        using var busy = new BusyCores(work => CoreShare.Calculate(work));
        var signing = _kms.Asymmetric(id).Sign(version, algorithm, Digest).AsTask();
        await _kms.Key(id).Disable();
        Assert.False(signing.IsCompleted);
        busy.Release();
        Assert.Equal(KmsErrorCode.KeyDisabled, (await Assert.ThrowsAsync<KmsException>(() => signing)).Code);
        Assert.Equal(KmsErrorCode.KeyDisabled, (await Assert.ThrowsAsync<KmsException>(async () => await _kms.Asymmetric(id).Sign(version, algorithm, Digest))).Code);
    }

    [Theory]
    [InlineData(KeySpec.EcP256K, SigningAlgorithm.EcdsaSha256)]
    [InlineData(KeySpec.EcSm2, SigningAlgorithm.Sm2Dsa)]
    public async Task A_verification_that_waits_does_not_hold_up_disabling(KeySpec spec, SigningAlgorithm algorithm)
    {
        var (id, version) = await Create(spec, KeyUsage.SignVerify);
        var signature = await _kms.Asymmetric(id).Sign(version, algorithm, Digest);
        using var busy = new BusyCores(work => CoreShare.Calculate(work));
        var verifying = _kms.Asymmetric(id).Verify(version, algorithm, Digest, signature).AsTask();
        await _kms.Key(id).Disable();
        Assert.False(verifying.IsCompleted);
        busy.Release();
        Assert.True(await verifying);
    }

    // A call that waits for its grain's turn must not keep a core meanwhile.
    [Fact]
    public async Task A_core_is_free_again_when_its_work_is_done_whatever_the_caller_does()
    {
        var callers = new ConcurrentExclusiveSchedulerPair();
        using var blocked = new ManualResetEventSlim();
        var held = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () => CoreShare.Calculate(() => true), CancellationToken.None, TaskCreationOptions.None, callers.ExclusiveScheduler).Unwrap()).ToArray();
        var blocker = Task.Factory.StartNew(blocked.Wait, CancellationToken.None, TaskCreationOptions.None, callers.ExclusiveScheduler);
        // Of another caller, whose scheduler is not blocked.
        Assert.True(await Task.Run(() => CoreShare.Calculate(() => true)));
        blocked.Set();
        await blocker;
        Assert.All(await Task.WhenAll(held), Assert.True);
    }

    [Fact]
    public async Task One_key_is_used_by_many_at_once()
    {
        var (id, version) = await Create(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt);
        var opened = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            byte[] plaintext = [(byte)number, 1];
            var ciphertext = await _kms.Asymmetric(id).Encrypt(version, EncryptionAlgorithm.RsaesOaepSha256, plaintext);
            return (Expected: plaintext, Actual: (await _kms.Asymmetric(id).Decrypt(version, EncryptionAlgorithm.RsaesOaepSha256, ciphertext)).Plaintext);
        }));
        Assert.All(opened, pair => Assert.Equal(pair.Expected, pair.Actual));
    }

    // A bare array is copied by whoever passes it on, whatever its attributes say, and nobody wipes the copies.
    [Fact]
    public void What_is_secret_does_not_travel_as_a_bare_array()
    {
        var results = new[] { typeof(IHsmWorkerGrain), typeof(IHsmKeyPairGrain) }.SelectMany(type => type.GetMethods()).Select(method => method.ReturnType)
            .Append(typeof(IAsymmetricKeyGrain).GetMethod(nameof(IAsymmetricKeyGrain.Decrypt))!.ReturnType);
        Assert.DoesNotContain(typeof(ValueTask<byte[]>), results);
    }

    // What a flow attaches in an asynchronous method ends with it: signed in is the caller.
    private Task<(Guid Id, Guid Version)> Create(KeySpec spec, KeyUsage usage)
    {
        _kms.SignIn();
        return Make();

        async Task<(Guid, Guid)> Make()
        {
            var made = await _kms.Directory().CreateKey(new(spec, usage, KeyOrigin.Kms, ProtectionLevel.Software, ""));
            return (made.KeyId, (await _kms.Versions(made.KeyId).ListVersions(new(1, 1))).Versions.Single().VersionId);
        }
    }

    /// <summary>Takes all cores that there are for some kind of work, until released.</summary>
    private sealed class BusyCores : IDisposable
    {
        private readonly ManualResetEventSlim _release = new();
        private readonly Task _work;

        public BusyCores(Func<Func<bool>, Task<bool>> run)
        {
            var cores = Math.Max(1, Environment.ProcessorCount / 2);
            using var begun = new CountdownEvent(cores);
            _work = Task.WhenAll(Enumerable.Range(0, cores).Select(_ => run(() =>
            {
                begun.Signal();
                _release.Wait();
                return true;
            })));
            begun.Wait();
        }

        public void Release() => _release.Set();

        public void Dispose()
        {
            Release();
            _work.Wait();
            _release.Dispose();
        }
    }
}
