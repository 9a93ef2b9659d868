using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Contracts.Tests.Keys;

public sealed class KeySettingsTests
{
    private static readonly KeySettings Plain = new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "");

    public static TheoryData<KeySettings, KmsErrorCode?> Rows => new()
    {
        { Plain, null },
        { Plain with { ProtectionLevel = ProtectionLevel.Hsm }, null },
        { Plain with { Description = new string('d', 8192) }, null },
        { Plain with { Description = new string('d', 8193) }, KmsErrorCode.InvalidParameter },
        { Plain with { Description = null! }, KmsErrorCode.InvalidParameter },
        { Plain with { Spec = (KeySpec)99 }, KmsErrorCode.InvalidParameter },
        { Plain with { ProtectionLevel = (ProtectionLevel)99 }, KmsErrorCode.InvalidParameter },
        { Plain with { Usage = KeyUsage.SignVerify }, KmsErrorCode.UnsupportedOperation },
        { Plain with { Origin = KeyOrigin.External }, KmsErrorCode.UnsupportedOperation },
    };

    [Theory, MemberData(nameof(Rows))]
    public void Settings_that_no_key_can_have_are_refused(KeySettings settings, KmsErrorCode? expected) =>
        Assert.Equal(expected, (Record.Exception(() => settings.Checked()) as KmsException)?.Code);
}
