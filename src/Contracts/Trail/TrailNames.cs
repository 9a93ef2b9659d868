using Orleans.Kms.Errors;

namespace Orleans.Kms.Trail;

/// <summary>The rules of names of trails, buckets and objects. Each gives the text if it is right, and else fails with the code that the API has for it.</summary>
public static class TrailNames
{
    /// <summary>What a setting says that is not about anything in particular.</summary>
    public const string All = "All";

    /// <summary>The name of a trail: 6 to 36 lower-case letters, digits, <c>-</c> and <c>_</c> of ASCII, a letter first.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidTrailName"/>; <c>MissingName</c>.</exception>
    public static string Trail(string? name)
    {
        if (string.IsNullOrEmpty(name)) throw TrailErrors.Missing("Name");
        return name.Length is >= 6 and <= 36 && char.IsAsciiLetterLower(name[0]) && name.All(c => IsLower(c) || c == '_') ? name : throw new KmsException(KmsErrorCode.InvalidTrailName);
    }

    /// <summary>The name of a bucket: 3 to 63 lower-case letters, digits and <c>-</c> of ASCII, a letter or digit first.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidBucketName"/></exception>
    public static string Bucket(string name) => IsBucket(name) ? name : throw new KmsException(KmsErrorCode.InvalidBucketName);

    /// <summary>Whether this may be a bucket's name.</summary>
    public static bool IsBucket(string name) => name.Length is >= 3 and <= 63 && name[0] != '-' && name.All(IsLower);

    /// <summary>What the names of objects begin with: 6 to 32 letters, digits, <c>-</c>, <c>/</c> and <c>_</c> of ASCII, a letter first; or nothing.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidPrefix"/></exception>
    public static string Prefix(string prefix)
    {
        var isRight = prefix.Length is >= 6 and <= 32 && char.IsAsciiLetter(prefix[0]) && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '_');
        return isRight || prefix.Length == 0 ? prefix : throw new KmsException(KmsErrorCode.InvalidPrefix);
    }

    private static bool IsLower(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
