using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Grains.Access;

/// <summary>The id and the secret of an access key that is to be issued.</summary>
/// <param name="AccessKeyId"><c>LTAI</c> and 20 letters and digits.</param>
/// <param name="Secret">30 letters and digits.</param>
internal sealed record NewAccessKeyPair(string AccessKeyId, string Secret)
{
    /// <summary>What ids and secrets of access keys are made of.</summary>
    public const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Prefix = "LTAI";
    private const int RandomLength = 20;
    private const int SecretLength = 30;

    /// <summary>A new pair.</summary>
    public static NewAccessKeyPair Generate() =>
        new(Prefix + RandomNumberGenerator.GetString(LettersAndDigits, RandomLength), RandomNumberGenerator.GetString(LettersAndDigits, SecretLength));

    /// <summary>Has the grain of the access key make it; durable when this returns.</summary>
    /// <param name="grain">The access key's grain, called with the silo's pass.</param>
    /// <param name="accountId">16 digits.</param>
    /// <param name="userId">The RAM user that signs with it; null for the account root.</param>
    public async Task Issue(IAccessKeyServiceGrain grain, string accountId, string? userId)
    {
        var secret = Encoding.ASCII.GetBytes(Secret);
        try { await grain.Issue(accountId, userId, secret); }
        finally { CryptographicOperations.ZeroMemory(secret); }
    }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{nameof(NewAccessKeyPair)} {AccessKeyId}";
}
