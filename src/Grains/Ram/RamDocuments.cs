using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>Checks documents before they are stored: what is stored can be evaluated.</summary>
internal static class RamDocuments
{
    /// <summary>A document of a policy.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.MalformedPolicyDocument"/>, or <see cref="KmsErrorCode.InvalidRamParameter"/> with <c>PolicyDocument.Length</c>.</exception>
    public static string Policy(string? document, int maxLength) => Checked(document, "PolicyDocument", maxLength, PolicyDocument.Parse);

    /// <summary>The trust policy of a role.</summary>
    /// <inheritdoc cref="Policy"/>
    public static string Trust(string? document, int maxLength) => Checked(document, "AssumeRolePolicyDocument", maxLength, TrustPolicy.Parse);

    private static string Checked(string? document, string parameter, int maxLength, Func<string, int, object> parse)
    {
        if (string.IsNullOrEmpty(document)) throw RamErrors.Missing(parameter);
        if (document.Length > maxLength) throw RamErrors.Invalid("PolicyDocument.Length", $"The policy document is longer than {maxLength} characters.");
        try { parse(document, maxLength); }
        catch (PolicyFormatException e) { throw new KmsException(KmsErrorCode.MalformedPolicyDocument, $"The policy document is malformed: {e.Message}."); }
        return document;
    }
}
