using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Keys;

[Collection(TokenTests.Name)]
public sealed class KeyGrainTests(TokenFixture token) : IAsyncLifetime
{
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("SGVsbG8gK1dvcmxkLw==");
    private static readonly EncryptionContext Context = EncryptionContext.Of([new("order", "42")]);
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task What_was_encrypted_is_decrypted(ProtectionLevel level)
    {
        var key = await _kms.CreateKey(level);
        var encrypted = await key.Encrypt(Plaintext, Context);
        var opened = await key.Decrypt(encrypted.CiphertextBlob, Context);
        Assert.Equal(Plaintext, opened.Plaintext);
        Assert.Equal((await key.Describe()).PrimaryVersion, opened.KeyVersionId);
        Assert.NotEqual(encrypted.CiphertextBlob, (await key.Encrypt(Plaintext, Context)).CiphertextBlob);
    }

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task A_data_key_opens_to_its_own_text(ProtectionLevel level)
    {
        var key = await _kms.CreateKey(level);
        var made = await key.GenerateDataKey(32, Context);
        Assert.Equal(32, Convert.FromBase64String(Encoding.ASCII.GetString(made.Plaintext)).Length);
        Assert.Equal(made.Plaintext, (await key.Decrypt(made.CiphertextBlob, Context)).Plaintext);
        var hidden = await key.GenerateDataKeyWithoutPlaintext(1024, Context);
        Assert.Equal(1024, Convert.FromBase64String(Encoding.ASCII.GetString((await key.Decrypt(hidden.CiphertextBlob, Context)).Plaintext)).Length);
    }

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task Every_unusable_blob_gives_one_error(ProtectionLevel level)
    {
        var key = await _kms.CreateKey(level);
        var other = await _kms.CreateKey(level);
        var blob = (await key.Encrypt(Plaintext, Context)).CiphertextBlob;
        for (var bit = 0; bit < blob.Length * 8; bit++)
        {
            var changed = (byte[])blob.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await AssertBad(key, changed, Context);
        }
        for (var length = 0; length < blob.Length; length++) await AssertBad(key, blob[..length], Context);
        await AssertBad(key, [.. blob, 0], Context);
        await AssertBad(key, blob, EncryptionContext.Empty);
        await AssertBad(key, blob, EncryptionContext.Of([new("order", "43")]));
        await AssertBad(other, blob, Context);
        Assert.Equal(Plaintext, (await key.Decrypt(blob, Context)).Plaintext);
    }

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task After_disable_has_answered_no_encryption_that_starts_later_succeeds(ProtectionLevel level)
    {
        var key = await _kms.CreateKey(level);
        for (var round = 0; round < 20; round++)
        {
            var disabled = 0;
            using var stop = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            {
                _kms.SignIn();
                var (after, succeeded) = (0, 0);
                while (!stop.IsCancellationRequested || after == 0)
                {
                    var startedAfter = Volatile.Read(ref disabled) == 1;
                    var error = await Record.ExceptionAsync(async () => await key.Encrypt(Plaintext, Context));
                    if (!startedAfter)
                    {
                        succeeded += error is null ? 1 : 0;
                        continue;
                    }
                    Assert.Equal(KmsErrorCode.KeyDisabled, Assert.IsType<KmsException>(error).Code);
                    after++;
                }
                return succeeded;
            })).ToArray();
            _kms.SignIn();
            await key.Encrypt(Plaintext, Context);
            await key.Disable();
            Volatile.Write(ref disabled, 1);
            await stop.CancelAsync();
            await Task.WhenAll(callers);
            await key.Enable();
        }
    }

    [Fact]
    public async Task Enable_and_disable_may_repeat()
    {
        var key = await _kms.CreateKey();
        await key.Enable();
        await key.Disable();
        await key.Disable();
        Assert.Equal(KeyState.Disabled, (await key.Describe()).State);
        await key.Enable();
        Assert.Equal(KeyState.Enabled, (await key.Describe()).State);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_not_found()
    {
        _kms.SignIn();
        var key = _kms.Key(Guid.NewGuid());
        Func<Task>[] calls = [key.Describe, key.Enable, key.Disable, async () => await key.Encrypt(Plaintext, Context), async () => await key.GenerateDataKey(32, Context)];
        foreach (var call in calls) Assert.Equal(KmsErrorCode.KeyNotFound, (await Assert.ThrowsAsync<KmsException>(call)).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8193)]
    public async Task A_plaintext_that_no_call_takes_is_refused(int length)
    {
        var key = await _kms.CreateKey();
        var error = await Assert.ThrowsAsync<KmsException>(async () => await key.Encrypt(new byte[length], Context));
        Assert.Equal(KmsErrorCode.InvalidParameter, error.Code);
    }

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task State_and_ciphertexts_outlive_the_process(ProtectionLevel level)
    {
        var folder = token.NewFolder();
        byte[] blob;
        Guid id;
        await using (var first = await TestKms.Start(token, folder))
        {
            var key = await first.CreateKey(level);
            blob = (await key.Encrypt(Plaintext, Context)).CiphertextBlob;
            id = (await key.Describe()).KeyId;
        }
        await using var second = await TestKms.Start(token, folder);
        second.SignIn();
        Assert.Equal(Plaintext, (await second.Key(id).Decrypt(blob, Context)).Plaintext);
        Assert.Equal(1, (await second.Directory().ListKeys(new(1, 10), KeyFilter.All)).TotalCount);
    }

    private static async Task AssertBad(IKeyGrain key, byte[] blob, EncryptionContext context)
    {
        var error = await Assert.ThrowsAsync<KmsException>(async () => await key.Decrypt(blob, context));
        Assert.Equal((KmsErrorCode.InvalidParameter, "The specified parameter CiphertextBlob is not valid."), (error.Code, error.Message));
    }
}
