using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class TokenSettingsTests
{
    private const string Module = "/lib/module.so";

    [Theory, InlineData("a", "", null), InlineData("", "s", null), InlineData("", "", 0UL), InlineData("a", "s", 7UL), InlineData("", "", null)]
    public void One_token_is_named_in_any_way_or_not_at_all(string label, string serial, ulong? slot)
    {
        var isNamed = label.Length + serial.Length > 0 || slot is not null;
        Assert.Empty(Faults(new() { ModulePath = Module, TokenLabel = label, TokenSerial = serial, Slot = slot, PinFile = isNamed ? "pin" : "" }));
    }

    [Fact]
    public void All_faults_are_told_at_once_with_the_names_of_the_settings()
    {
        var options = new HsmOptions { TokenLabel = "mine" };
        options.Tokens.Add(new() { ModulePath = Module });
        options.Tokens.Add(new() { TokenLabel = new('l', 33), TokenSerial = new('s', 17), PinFile = "pin" });
        options.Tokens.Add(new() { ModulePath = Module, TokenLabel = "third" });
        Assert.Equal(
            [
                "Kms:Hsm names a token itself and others in Kms:Hsm:Tokens; move it there",
                "Kms:Hsm:Tokens:0 has to name its token by TokenLabel, TokenSerial or Slot",
                "SoftHSM2 is not installed (run: sudo apt-get install softhsm2), and Kms:Hsm:Tokens:1:ModulePath names no other PKCS#11 module; "
                    + "to do without, and without protection level HSM, name a file in Kms:RootKeyFile",
                "Kms:Hsm:Tokens:1:TokenLabel has at most 32 characters",
                "Kms:Hsm:Tokens:1:TokenSerial has at most 16 characters",
                "Kms:Hsm:Tokens:2:PinFile has to name the file with the PIN of the token third",
            ],
            Faults(options));
    }

    [Theory, InlineData("a", "", null, "PinFile has to name the file with the PIN of the token a"), InlineData("", "s", null, "PinFile has to name the file with the PIN of the token serial s")]
    [InlineData("", "", 3UL, "PinFile has to name the file with the PIN of the token slot 3")]
    public void A_token_needs_a_pin_file(string label, string serial, ulong? slot, string fault) =>
        Assert.Equal([$"Kms:Hsm:{fault}"], Faults(new() { ModulePath = Module, TokenLabel = label, TokenSerial = serial, Slot = slot }));

    [Fact]
    public void A_pin_file_needs_a_token() =>
        Assert.Equal(["Kms:Hsm:PinFile is given, but no token: name it by TokenLabel, TokenSerial or Slot"], Faults(new() { ModulePath = Module, PinFile = "pin" }));

    // Label, serial number, slot of each; whether they have to be the same token.
    public static TheoryData<(string, string, ulong?), (string, string, ulong?), bool> Pairs => new()
    {
        { ("a", "", null), ("a", "", null), true },
        { ("a", "1", null), ("a", "2", null), false },
        { ("a", "1", null), ("a", "", null), true },
        { ("a", "", 1), ("a", "", 2), false },
        { ("a", "", 1), ("a", "", null), true },
        { ("a", "1", null), ("b", "1", null), true },
        { ("", "", 1), ("", "", 1), true },
        { ("", "", 1), ("", "", 2), false },
        // Only the tokens can tell.
        { ("a", "", null), ("", "1", null), false },
    };

    [Theory, MemberData(nameof(Pairs))]
    public void Two_names_of_one_token_are_refused((string Label, string Serial, ulong? Slot) first, (string Label, string Serial, ulong? Slot) second, bool isSame)
    {
        var options = new HsmOptions { ModulePath = Module };
        foreach (var (label, serial, slot) in new[] { first, second }) options.Tokens.Add(new() { TokenLabel = label, TokenSerial = serial, Slot = slot, PinFile = "pin" });
        Assert.Equal(isSame ? ["Kms:Hsm:Tokens:1 is the same token as Kms:Hsm:Tokens:0"] : [], Faults(options));
        options.Tokens[1].ModulePath = "/lib/another.so";
        Assert.Empty(Faults(options));
    }

    private static IEnumerable<string> Faults(HsmOptions options) => TokenSettings.Faults(options);
}
