using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Aliases;
using Orleans.Kms.Client.Envelope;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Tests;

/// <summary>Envelope encryption under CMKs of a running service; the client's clock is the test's.</summary>
[Collection(ServiceTests.Name)]
public sealed class EnvelopeTests : IAsyncLifetime
{
    private const string GenerateDataKey = "GenerateDataKey";
    private const string Decrypt = "Decrypt";

    private static readonly EncryptionContext Context = EncryptionContext.Of([new("row", "1")]);
    private static readonly EncryptionContext Other = EncryptionContext.Of([new("row", "2")]);

    private readonly ServiceFixture _fixture;
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly KmsClient _client;
    private string _keyId = "";

    public EnvelopeTests(ServiceFixture fixture)
    {
        _fixture = fixture;
        _client = fixture.Service.Client(clock: _clock);
    }

    private Arrivals Arrivals => _fixture.Service.Arrivals;

    public async Task InitializeAsync() => _keyId = await TestService.CreateKey(_client);

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Theory, InlineData(0), InlineData(1), InlineData(100_000)]
    public async Task What_is_sealed_opens_here_and_elsewhere(int length)
    {
        var plaintext = new byte[length];
        plaintext.AsSpan().Fill(7);
        using var envelope = Envelope();
        var blob = await envelope.Seal(plaintext, Context);
        Assert.Equal(plaintext, await envelope.Open(blob, Context));
        using var elsewhere = Envelope();
        Assert.Equal(plaintext, await elsewhere.Open(blob, Context));
        await Refused(async () => await elsewhere.Open(blob, Other));
        await Refused(async () => await elsewhere.Open(blob, EncryptionContext.Empty));
    }

    [Fact]
    public async Task Every_changed_bit_and_every_cut_is_refused_alike()
    {
        using var sealing = Envelope();
        var blob = await sealing.Seal(new byte[] { 1, 2, 3 }, Context);
        using var envelope = Envelope();
        string? message = null;
        for (var i = 0; i < blob.Length; i++)
        {
            var changed = (byte[])blob.Clone();
            changed[i] ^= (byte)(1 << (i % 8));
            var failure = await Refused(async () => await envelope.Open(changed, Context));
            Assert.Equal(message ??= failure.Message, failure.Message);
        }
        for (var length = 0; length < blob.Length; length++) await Refused(async () => await envelope.Open(blob.AsMemory(0, length), Context));
        await Refused(async () => await envelope.Open((byte[])[.. blob, 0], Context));
        Assert.Equal([1, 2, 3], await envelope.Open(blob, Context));
    }

    [Fact]
    public async Task In_the_steady_state_nobody_asks_the_service()
    {
        using var envelope = Envelope();
        var before = (Arrivals[GenerateDataKey], Arrivals[Decrypt]);
        var blobs = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i => await envelope.Seal(new byte[] { (byte)i }, Context)));
        for (var i = 0; i < blobs.Length; i++) Assert.Equal([(byte)i], await envelope.Open(blobs[i], Context));
        Assert.Equal((before.Item1 + 1, before.Item2), (Arrivals[GenerateDataKey], Arrivals[Decrypt]));
        Assert.Equal(blobs.Length, blobs.Select(Convert.ToHexString).Distinct().Count());

        using var elsewhere = Envelope();
        await Task.WhenAll(blobs.Select(async blob => await elsewhere.Open(blob, Context)));
        Assert.Equal(before.Item2 + 1, Arrivals[Decrypt]);
    }

    [Fact]
    public async Task A_data_key_seals_so_often_and_no_more()
    {
        using var envelope = Envelope(options => options.MaxUses = 3);
        var blobs = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ => await envelope.Seal(new byte[1], Context)));
        Assert.All(ByDataKey(blobs), uses => Assert.InRange(uses.Count(), 1, 3));
    }

    [Fact]
    public async Task A_data_key_seals_so_many_bytes_and_no_more()
    {
        using var envelope = Envelope(options => options.MaxBytes = 1000);
        var blobs = new List<byte[]>();
        foreach (var length in new[] { 1000, 1, 999, 1000, 500, 501, 250, 250, 250, 250, 1000 }) blobs.Add(await envelope.Seal(new byte[length], Context));
        Assert.All(ByDataKey(blobs), uses => Assert.InRange(uses.Sum(Length), 1, 1000));
        await ServiceFixture.AssertFails(KmsErrorCode.InvalidParameter, async () => await envelope.Seal(new byte[1001], Context));

        static int Length(byte[] blob) => blob.Length - 15 - SealedBlob.EncryptedKey(blob).Length - SealedBlob.TagLength;
    }

    [Fact]
    public async Task A_data_key_that_is_getting_old_is_replaced_behind_the_callers_backs()
    {
        using var envelope = Envelope();
        var first = await envelope.Seal(new byte[1], Context);
        _clock.Advance(TimeSpan.FromMinutes(3.7));
        Assert.Single(ByDataKey([first, await envelope.Seal(new byte[1], Context)]));

        var before = Arrivals[GenerateDataKey];
        _clock.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Single(ByDataKey([first, await envelope.Seal(new byte[1], Context)]));
        await Arrivals.Reach(GenerateDataKey, before + 1);
        _clock.Advance(TimeSpan.FromMinutes(1.2));
        var last = await envelope.Seal(new byte[1], Context);
        Assert.Equal(2, ByDataKey([first, last]).Count());
        Assert.Equal(before + 1, Arrivals[GenerateDataKey]);
        Assert.Equal([0], await envelope.Open(first, Context));
    }

    [Fact]
    public async Task While_the_service_fails_a_data_key_is_used_to_its_end_and_not_beyond()
    {
        using var envelope = Envelope();
        var first = await envelope.Seal(new byte[1], Context);
        await (await Grain()).Disable();
        _clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Single(ByDataKey([first, await envelope.Seal(new byte[1], Context)]));
        Assert.Equal([0], await envelope.Open(first, Context));
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        await ServiceFixture.AssertFails(KmsErrorCode.KeyDisabled, async () => await envelope.Seal(new byte[1], Context));
        await ServiceFixture.AssertFails(KmsErrorCode.KeyDisabled, async () => await envelope.Open(first, Context));
        await (await Grain()).Enable();
        Assert.Equal([0], await envelope.Open(await envelope.Seal(new byte[1], Context), Context));
    }

    [Fact]
    public async Task Of_opened_data_keys_the_last_used_are_kept()
    {
        var blobs = new List<byte[]>();
        for (var i = 0; i < 3; i++)
        {
            using var sealing = Envelope();
            blobs.Add(await sealing.Seal(new[] { (byte)i }, Context));
        }
        using var envelope = Envelope(options => options.MaxOpenedKeys = 2);
        var before = Arrivals[Decrypt];
        // The third data key takes the place of the second one, for the first was used again.
        foreach (var i in new[] { 0, 1, 0, 2, 0, 2 }) Assert.Equal([(byte)i], await envelope.Open(blobs[i], Context));
        Assert.Equal(before + 3, Arrivals[Decrypt]);
        Assert.Equal([1], await envelope.Open(blobs[1], Context));
        Assert.Equal(before + 4, Arrivals[Decrypt]);
    }

    [Fact]
    public async Task Blobs_of_other_CMKs_are_refused_unless_they_are_former_ones()
    {
        var formerId = await TestService.CreateKey(_client);
        using var former = Envelope(options => options.KeyId = formerId);
        var blob = await former.Seal(new byte[] { 1 }, Context);
        using var envelope = Envelope();
        await Refused(async () => await envelope.Open(blob, Context));
        using var knowing = Envelope(options => options.FormerKeyIds.Add(formerId));
        Assert.Equal([1], await knowing.Open(blob, Context));
    }

    [Fact]
    public async Task An_alias_that_moves_takes_new_data_keys_along()
    {
        var alias = await _client.Grain<IAliasGrain>(AliasName.GrainKey(TestService.Account, "alias/envelope"));
        await alias.Create(Guid.Parse(_keyId));
        using var envelope = Envelope(options =>
        {
            options.KeyId = "alias/envelope";
            options.FormerKeyIds.Add(_keyId);
        });
        var first = await envelope.Seal(new byte[] { 1 }, Context);
        var next = Guid.Parse(await TestService.CreateKey(_client));
        await alias.Update(next);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(next, KeyIdOf(await envelope.Seal(new byte[1], Context)));
        Assert.Equal([1], await envelope.Open(first, Context));
    }

    [Fact]
    public async Task The_service_binds_data_keys_to_the_key_context()
    {
        using var one = Envelope(options => options.KeyContext["application"] = "one");
        using var two = Envelope(options => options.KeyContext["application"] = "two");
        var blob = await one.Seal(new byte[1], Context);
        await Refused(async () => await two.Open(blob, Context));
    }

    [Fact]
    public async Task Without_permission_nothing_is_sealed()
    {
        var credentials = await TestService.CreateUser(_client, "opens-only", "kms:Decrypt");
        await using var client = _fixture.Service.Client(options => TestService.Use(options, credentials));
        using var sealing = Envelope();
        using var envelope = client.Envelope(new() { KeyId = _keyId });
        Assert.Equal([1], await envelope.Open(await sealing.Seal(new byte[] { 1 }, Context), Context));
        await ServiceFixture.AssertFails(KmsErrorCode.NoPermission, async () => await envelope.Seal(new byte[1], Context));
    }

    [Fact]
    public async Task After_its_end_it_does_nothing()
    {
        var envelope = Envelope();
        var blob = await envelope.Seal(new byte[1], Context);
        envelope.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await envelope.Seal(new byte[1], Context));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await envelope.Open(blob, Context));
    }

    private EnvelopeEncryption Envelope(Action<EnvelopeOptions>? configure = null)
    {
        var options = new EnvelopeOptions { KeyId = _keyId };
        configure?.Invoke(options);
        return _client.Envelope(options);
    }

    private Task<IKeyGrain> Grain() => _client.Grain<IKeyGrain>(KeyId.GrainKey(TestService.Account, Guid.Parse(_keyId)));

    private static IEnumerable<IGrouping<string, byte[]>> ByDataKey(IEnumerable<byte[]> blobs) => blobs.GroupBy(blob => Convert.ToHexString(SealedBlob.EncryptedKey(blob)));

    private static Guid KeyIdOf(byte[] blob) => CiphertextBlob.TryReadHeader(SealedBlob.EncryptedKey(blob), out var keyId, out _) ? keyId : default;

    private static async Task<KmsException> Refused(Func<Task> open)
    {
        var failure = await Assert.ThrowsAsync<KmsException>(open);
        Assert.Equal((KmsErrorCode.InvalidParameter, KmsException.BadCiphertext().Message), (failure.Code, failure.Message));
        return failure;
    }
}
