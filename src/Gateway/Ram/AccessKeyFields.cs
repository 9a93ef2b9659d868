using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

/// <summary>Writes access keys.</summary>
internal static class AccessKeyFields
{
    /// <summary>The fields of an access key in a list.</summary>
    public static void Write(ResponseWriter response, RamAccessKey key)
    {
        response.Text("AccessKeyId", key.AccessKeyId);
        WriteState(response, key);
    }

    /// <summary>The fields of an access key that was just made, the one time that its secret is told.</summary>
    public static void WriteNew(ResponseWriter response, RamNewAccessKey made)
    {
        response.Text("AccessKeyId", made.AccessKey.AccessKeyId);
        response.Text("AccessKeySecret", made.Secret);
        WriteState(response, made.AccessKey);
    }

    private static void WriteState(ResponseWriter response, RamAccessKey key)
    {
        response.Text("Status", key.IsActive ? "Active" : "Inactive");
        response.Time("CreateDate", key.CreatedAt);
    }
}
