using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>How long a data key is to be: <c>NumberOfBytes</c> if given and not 0, otherwise by <c>KeySpec</c>, otherwise 32 bytes.</summary>
internal static class DataKeyLength
{
    /// <summary>The length in bytes.</summary>
    public static int Read(ActionCall call)
    {
        var bySpec = call.Text("KeySpec") switch
        {
            null or "AES_256" => 32,
            "AES_128" => 16,
            _ => throw KmsException.InvalidParameter("KeySpec"),
        };
        if (call.Integer("NumberOfBytes") is not (not 0 and { } number)) return bySpec;
        CryptoLimits.CheckDataKeyLength(number);
        return number;
    }
}
