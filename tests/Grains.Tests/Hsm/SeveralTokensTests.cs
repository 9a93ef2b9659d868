using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>The start on several tokens, and how they are found.</summary>
[Collection(TokenTests.Name)]
public sealed class SeveralTokensTests(TokenFixture token) : IDisposable
{
    private readonly TwinTokens _twins = token.Twins;

    [Fact]
    public void A_start_needs_one_token_and_tells_of_the_others()
    {
        _twins.Shims[0].IsRemoved = true;
        var opened = ServiceKeySetup.Open(_twins.Both, _twins.ServiceKey.Wrapped);
        var (offered, absent) = ServiceKeySetup.Capabilities(_twins.Both, opened);
        Assert.Contains("Aliyun_AES_256", offered.Offered, StringComparison.Ordinal);
        Assert.Equal([$"No token '{_twins.One[0].TokenLabel}': connect or restore it, or correct its name in Kms:Hsm."], absent);
    }

    [Fact]
    public void Without_any_token_the_start_tells_why_of_each()
    {
        foreach (var shim in _twins.Shims) shim.IsRemoved = true;
        var error = Assert.Throws<HsmSetupException>(() => ServiceKeySetup.Open(_twins.Both, _twins.ServiceKey.Wrapped));
        Assert.All(_twins.One, options => Assert.Contains($"No token '{options.TokenLabel}'", error.Message, StringComparison.Ordinal));
        Assert.Throws<HsmSetupException>(() => ServiceKeySetup.Capabilities(_twins.Both, _twins.ServiceKey));
    }

    [Fact]
    public void What_is_offered_is_what_all_can_do()
    {
        _twins.Shims[1].Order(Pkcs11Function.C_GenerateKeyPair, CKR.CKR_MECHANISM_INVALID, times: long.MaxValue);
        var (offered, absent) = ServiceKeySetup.Capabilities(_twins.Both, _twins.ServiceKey);
        Assert.Equal("Aliyun_AES_256", offered.Offered);
        Assert.Empty(absent);
    }

    [Fact]
    public void Several_tokens_without_a_root_key_get_none()
    {
        var options = new HsmOptions();
        foreach (var made in new[] { token.NewToken(), token.NewToken() }) options.Tokens.Add(new() { ModulePath = made.ModulePath, TokenLabel = made.TokenLabel, PinFile = made.PinFile });
        Assert.Throws<HsmSetupException>(() => ServiceKeySetup.Open(options, stored: null));
        foreach (var address in options.Addresses) Assert.Equal(0, TokenObjects.Count(new() { ModulePath = address.ModulePath, TokenLabel = address.Label, PinFile = address.PinFile }, isToken: true));
    }

    [Fact]
    public void One_token_under_two_names_is_refused()
    {
        var serial = TokenObjects.Slot(token.Options).GetTokenInfo().SerialNumber.Trim();
        var options = new HsmOptions { ModulePath = TokenFixture.ModulePath };
        options.Tokens.Add(new() { TokenLabel = token.Options.TokenLabel, PinFile = token.Options.PinFile });
        options.Tokens.Add(new() { TokenSerial = serial, PinFile = token.Options.PinFile });
        var error = Assert.Throws<HsmSetupException>(() => ServiceKeySetup.Capabilities(options, token.ServiceKey));
        Assert.Equal($"'{token.Options.TokenLabel}' and 'serial {serial}' in Kms:Hsm:Tokens are one token: remove one of them.", error.Message);
    }

    [Fact]
    public void A_token_is_found_by_label_serial_number_and_slot_and_by_all_that_are_given()
    {
        var slot = TokenObjects.Slot(token.Options);
        var (label, serial) = (token.Options.TokenLabel, slot.GetTokenInfo().SerialNumber.Trim());
        Assert.Equal(slot.SlotId, Find(label, "", null));
        Assert.Equal(slot.SlotId, Find("", serial, null));
        Assert.Equal(slot.SlotId, Find("", "", slot.SlotId));
        Assert.Equal(slot.SlotId, Find(label, serial, slot.SlotId));
        Assert.Null(Find(label, "0123456789abcdef", null));
        Assert.Null(Find(label, "", slot.SlotId + 1));
        Assert.Null(Find("another", serial, slot.SlotId));

        ulong? Find(string label, string serial, ulong? slot) => TokenObjects.Module.FindSlot(new(TokenFixture.ModulePath, label, serial, slot, ""))?.SlotId;
    }

    [Fact]
    public async Task A_token_that_hangs_at_the_start_is_waited_for_once()
    {
        var shim = _twins.Shims[0];
        shim.Hang = Pkcs11Function.C_OpenSession;
        var address = _twins.Both.Addresses[0];
        Assert.Throws<HsmSetupException>(() => ServiceKeySetup.Use(address, _twins.ServiceKey, _ => true, TimeSpan.FromMilliseconds(1)));
        await Until.True(() => Task.FromResult(shim.Hanging == 1));
        // Were it waited for, this would take a minute and another thread.
        Assert.Throws<HsmSetupException>(() => ServiceKeySetup.Use(address, _twins.ServiceKey, _ => true));
        Assert.True(ServiceKeySetup.Use(_twins.Both, _twins.ServiceKey, _ => true));
        Assert.Equal(1, shim.Hanging);
        shim.Hang = null;
        await Until.True(() => Task.FromResult(Record.Exception(() => ServiceKeySetup.Use(address, _twins.ServiceKey, _ => true)) is null));
        await Until.True(() => Task.FromResult(shim.Sessions == 0 && shim.Hanging == 0));
    }

    [Fact]
    public async Task A_module_that_hangs_holds_up_the_restart_of_no_other()
    {
        await using var fixture = new LanesFixture(_twins, _twins.One[0]);
        await fixture.Seal([1]);
        _twins.Shims[0].Hang = Pkcs11Function.C_EncryptInit;
        var hung = fixture.Seal([1]);
        await Until.True(() => Task.FromResult(_twins.Shims[0].Hanging == 1));
        var other = Pkcs11Module.Load(_twins.Shims[1].ModulePath);
        var hanging = Pkcs11Module.Load(_twins.Shims[0].ModulePath);
        var before = (other.Generation, hanging.Generation);
        other.Restart(other.Generation, TimeProvider.System.GetUtcNow(), TimeSpan.Zero);
        // This one is left out: it would crash the process under the call.
        hanging.Restart(hanging.Generation, TimeProvider.System.GetUtcNow(), TimeSpan.Zero);
        Assert.Equal((before.Item1 + 1, before.Item2), (other.Generation, hanging.Generation));
        _twins.Shims[0].Hang = null;
        await hung;
    }

    [Theory, InlineData(29, 0), InlineData(30, 1)]
    public void A_module_with_several_tokens_rests_between_restarts(int seconds, int more)
    {
        var module = Pkcs11Module.Load(_twins.Shims[1].ModulePath);
        var now = TimeProvider.System.GetUtcNow();
        module.Restart(module.Generation, now, TimeSpan.Zero);
        var before = module.Generation;
        module.Restart(module.Generation, now.AddSeconds(seconds), TimeSpan.FromSeconds(30));
        Assert.Equal(before + more, module.Generation);
    }

    public void Dispose() => _twins.Calm();
}
