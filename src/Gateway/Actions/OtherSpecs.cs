namespace Orleans.Kms.Gateway.Actions;

/// <summary>Key specs that the API documents for dedicated instances, which this service is not.</summary>
internal static class OtherSpecs
{
    /// <summary>Their names.</summary>
    public static readonly string[] Names = ["Aliyun_AES_192", "Aliyun_AES_128"];
}
