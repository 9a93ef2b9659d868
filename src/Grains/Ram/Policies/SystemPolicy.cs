namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>A policy that every account has and none can change.</summary>
/// <param name="Name">For example <c>AliyunKMSFullAccess</c>.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Document">The document, as JSON.</param>
internal sealed record SystemPolicy(string Name, string Description, string Document)
{
    /// <summary>The one version that system policies have.</summary>
    public const string Version = "v1";
}
