using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class GetParametersForImportAction
{
    private const string Algorithm = "WrappingAlgorithm";
    private const string WrappingKey = "WrappingKeySpec";

    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", Algorithm, WrappingKey);
        var algorithm = ApiNames.Parse(call.Required(Algorithm), Algorithm, WrappingAlgorithm.RsaesOaepSha256, ApiNames.ApiName);
        var wrappingKeySpec = ApiNames.Parse(call.Required(WrappingKey), WrappingKey, KeySpec.Rsa2048, ApiNames.ApiName);
        var keyId = await KeyReference.Read(call, acceptsAlias: false);
        var parameters = await call.Grains.Import(call.AccountId, keyId).GetParameters(algorithm, wrappingKeySpec);
        call.Response.Id("KeyId", keyId);
        call.Response.Bytes("ImportToken", parameters.ImportToken);
        call.Response.Bytes("PublicKey", parameters.PublicKey);
        call.Response.Time("TokenExpireTime", parameters.ExpiresAt);
    }
}
