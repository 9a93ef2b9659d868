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
        { Plain with { Usage = (KeyUsage)99 }, KmsErrorCode.InvalidParameter },
        { Plain with { Origin = KeyOrigin.External }, null },
        { Plain with { Origin = KeyOrigin.External, Spec = KeySpec.Sm4 }, null },
        { Plain with { Origin = KeyOrigin.External, Spec = KeySpec.Rsa2048 }, KmsErrorCode.UnsupportedOperation },
        { Plain with { Origin = KeyOrigin.External, RotationInterval = TimeSpan.FromDays(7) }, KmsErrorCode.RejectedUnsupportedOperation },
        { Plain with { Origin = (KeyOrigin)99 }, KmsErrorCode.InvalidParameter },
        { Plain with { Spec = KeySpec.EcP256 }, KmsErrorCode.UnsupportedOperation },
        { Plain with { Spec = KeySpec.EcP256, Usage = KeyUsage.SignVerify }, null },
        { Plain with { Spec = KeySpec.Rsa4096, Usage = KeyUsage.SignVerify }, null },
        { Plain with { Spec = KeySpec.Sm4 }, null },
        { Plain with { RotationInterval = TimeSpan.FromDays(7) }, null },
        { Plain with { RotationInterval = TimeSpan.FromDays(6) }, KmsErrorCode.InvalidParameter },
        { Plain with { Spec = KeySpec.Rsa2048, RotationInterval = TimeSpan.FromDays(7) }, KmsErrorCode.RejectedUnsupportedOperation },
        { Plain with { Tags = [.. Enumerable.Range(0, 20).Select(i => new Tag($"k{i}", ""))] }, null },
        { Plain with { Tags = [.. Enumerable.Range(0, 21).Select(i => new Tag($"k{i}", ""))] }, KmsErrorCode.InvalidParameter },
        { Plain with { Tags = [new("k", "a"), new("k", "b")] }, KmsErrorCode.DuplicateTagKey },
    };

    [Theory, MemberData(nameof(Rows))]
    public void Settings_that_no_key_can_have_are_refused(KeySettings settings, KmsErrorCode? expected) =>
        Assert.Equal(expected, (Record.Exception(() => settings.Checked()) as KmsException)?.Code);
}
