using System.Globalization;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class ImportKeyMaterialAction
{
    private const string Expiry = "KeyMaterialExpireUnix";

    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "EncryptedKeyMaterial", "ImportToken");
        var material = call.RequiredBase64("EncryptedKeyMaterial", ImportParameters.MaxEncryptedMaterialBytes);
        var (token, expiresAt) = (Token(call), ExpiresAt(call));
        await call.Grains.Import(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).Import(token, material, expiresAt);
    }

    private static byte[] Token(ActionCall call)
    {
        try { return call.RequiredBase64("ImportToken", ImportParameters.MaxTokenBytes); }
        catch (KmsException e) when (e.Code == KmsErrorCode.InvalidParameter) { throw new KmsException(KmsErrorCode.InvalidImportToken); }
    }

    // Seconds since 1970; 0 means never, as absence does.
    private static DateTimeOffset? ExpiresAt(ActionCall call)
    {
        if (call.Text(Expiry) is not { } text) return null;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) throw KmsException.InvalidParameter(Expiry);
        return seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);
    }
}
