using System.Text;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Access;

/// <summary>What is stored of an access key.</summary>
internal sealed record AccessKeyRecord : StoredRecord
{
    /// <summary>The name of this state in grain storage.</summary>
    public const string StateName = "access-key";

    public string AccountId { get; init; } = "";

    /// <summary>The RAM user that signs with this key; null for the account root.</summary>
    public string? UserId { get; init; }

    /// <summary>The secret, sealed under the service key and bound to <see cref="Place"/>.</summary>
    public byte[] SealedSecret { get; init; } = [];

    /// <summary>Whether the secret is bound to account and user, too: those of before RAM users are not until the service has started once.</summary>
    public bool IsBound { get; init; }

    /// <summary>Whether the key may be used.</summary>
    public bool Active { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the sealed secret of an access key is bound to.</summary>
    public static byte[] Place(string accessKeyId, AccessKeyRecord record) => Encoding.UTF8.GetBytes(
        record.IsBound ? $"kms.access-key/2/{accessKeyId}/{record.AccountId}/{record.UserId ?? "root"}" : $"kms.access-key/1/{accessKeyId}");
}
