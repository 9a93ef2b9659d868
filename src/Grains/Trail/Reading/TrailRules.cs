using Orleans.Kms.Errors;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <summary>What a trail may be set to.</summary>
/// <param name="Regions">The regions of the service.</param>
internal sealed record TrailRules(IReadOnlyList<string> Regions)
{
    // A role's name has up to 64 characters.
    private const int MaxRoleArnLength = 128;

    /// <summary>A new trail as its settings want it.</summary>
    /// <exception cref="KmsException">As <see cref="Changed"/>; <c>MissingOssBucketName</c>.</exception>
    public TrailRow New(TrailRow trail, TrailSettings settings)
    {
        // Who wants another target than the one that there is should hear of that first.
        RefuseOthers(settings ?? throw TrailErrors.Missing("OssBucketName"));
        return settings.OssBucketName is null or "" ? throw TrailErrors.Missing("OssBucketName") : Changed(trail, settings);
    }

    /// <summary>A trail as its settings want it from now on.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.UnsupportedOperation"/>, <see cref="KmsErrorCode.InvalidBucketName"/>, <see cref="KmsErrorCode.InvalidPrefix"/>, <c>InvalidParameter.EventRW</c>,
    /// <c>InvalidParameter.TrailRegion</c>, <c>InvalidParameter.OssWriteRoleArn</c>.
    /// </exception>
    public TrailRow Changed(TrailRow trail, TrailSettings settings)
    {
        if (settings is null) return trail;
        RefuseOthers(settings);
        return trail with
        {
            EventRW = settings.EventRW is null ? trail.EventRW : EventRW(settings.EventRW),
            TrailRegion = settings.TrailRegion is null ? trail.TrailRegion : Region(settings.TrailRegion),
            Bucket = settings.OssBucketName is null ? trail.Bucket : TrailNames.Bucket(settings.OssBucketName),
            Prefix = settings.OssKeyPrefix is null ? trail.Prefix : TrailNames.Prefix(settings.OssKeyPrefix),
            WriteRoleArn = settings.OssWriteRoleArn is null ? trail.WriteRoleArn : RoleArn(settings.OssWriteRoleArn),
        };
    }

    private static void RefuseOthers(TrailSettings settings)
    {
        if (settings.IsOrganizationTrail) throw TrailErrors.NotOffered("A trail of an organization (IsOrganizationTrail)");
        if (settings.SlsProjectArn is not (null or "") || settings.SlsWriteRoleArn is not (null or "")) throw TrailErrors.NotOffered("Delivery to a project of Log Service (SlsProjectArn)");
        if (settings.MaxComputeProjectArn is not (null or "") || settings.MaxComputeWriteRoleArn is not (null or "")) throw TrailErrors.NotOffered("Delivery to MaxCompute (MaxComputeProjectArn)");
    }

    private static string EventRW(string text) => text is "Write" or "Read" or TrailNames.All ? text : throw TrailErrors.Invalid("EventRW", "is Write, Read or All");

    private string Region(string text) => text == TrailNames.All || Regions.Contains(text) ? text : throw TrailErrors.Invalid("TrailRegion", "is All or a region of the service");

    // Without effect, and so only bounded: it goes into answers.
    private static string RoleArn(string text)
    {
        var isRight = text.Length <= MaxRoleArnLength && text.StartsWith("acs:ram::", StringComparison.Ordinal)
            && text.Contains(":role/", StringComparison.Ordinal) && text.All(c => c is > ' ' and < '\u007f');
        return isRight || text.Length == 0 ? text : throw TrailErrors.Invalid("OssWriteRoleArn", "has the form acs:ram::ACCOUNT:role/NAME");
    }
}
