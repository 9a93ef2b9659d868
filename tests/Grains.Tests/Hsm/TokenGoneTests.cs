using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>The token's files are away for a while, as with a volume that is not mounted.</summary>
[Collection(TokenTests.Name)]
public sealed class TokenGoneTests(TokenFixture token)
{
    [Fact]
    public async Task Calls_are_refused_while_the_token_is_gone_and_work_when_it_is_back()
    {
        var options = token.NewToken();
        await using var fixture = new LaneFixture(options, ServiceKeySetup.Open(options, stored: null));
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        var ciphertext = await fixture.Encrypt(key);

        var folder = token.FolderOf(options);
        var away = Path.Combine(token.Folder, "away");
        Directory.Move(folder, away);
        await AssertUnavailable(fixture.Probe);
        // Keys in use outlive the files; the failed probe has closed their session.
        for (var i = 0; i < 20; i++) await AssertUnavailable(() => fixture.Decrypt(key, ciphertext));
        Assert.Contains("CKR_TOKEN_NOT_PRESENT", fixture.Faults);

        Directory.Move(away, folder);
        await Until.Succeeds(() => fixture.Probe());
        Assert.Equal([2], await fixture.Decrypt(key, ciphertext));
        Assert.Equal(40, (await fixture.Generate()).Bytes.Length);
    }

    [Fact]
    public async Task A_lost_root_key_is_seen_by_the_probe()
    {
        var options = token.NewToken();
        await using var fixture = new LaneFixture(options, ServiceKeySetup.Open(options, stored: null));
        await fixture.Probe();
        TokenObjects.Look(options, session =>
        {
            using var template = KeyTemplate.FindRootKey(1);
            session.DestroyObject(session.FindAllObjects(template.Attributes).Single());
            return true;
        });
        await AssertUnavailable(fixture.Probe);
        Assert.Equal(["setup"], fixture.Faults);
    }

    [Fact]
    public async Task A_root_key_that_was_away_is_found_again()
    {
        var options = token.NewToken();
        await using var fixture = new LaneFixture(options, ServiceKeySetup.Open(options, stored: null));
        await fixture.Probe();
        var file = Directory.GetFiles(token.FolderOf(options), "*.object").Single(path => Path.GetFileName(path) != "token.object");
        File.Move(file, file + ".away");
        await AssertUnavailable(fixture.Probe);
        File.Move(file + ".away", file);
        await Until.Succeeds(fixture.Probe);
    }

    [Fact]
    public async Task A_refused_pin_refuses_calls_until_its_file_is_written_anew()
    {
        var options = token.NewToken();
        var serviceKey = ServiceKeySetup.Open(options, stored: null);
        var pin = File.ReadAllBytes(options.PinFile);
        options.PinFile = Path.Combine(token.NewFolder(), "pin");
        File.WriteAllText(options.PinFile, "wrong-wrong-wrong");
        await using var fixture = new LaneFixture(options, serviceKey);
        for (var i = 0; i < 5; i++) await AssertUnavailable(fixture.Probe);
        File.WriteAllBytes(options.PinFile, pin);
        File.SetLastWriteTimeUtc(options.PinFile, DateTime.UnixEpoch);
        await Until.Succeeds(fixture.Probe);
    }

    private static async Task AssertUnavailable(Func<Task> call) =>
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(call)).Code);
}
