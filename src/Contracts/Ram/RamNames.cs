using System.Globalization;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Ram;

/// <summary>The rules of names and texts of RAM. Each gives the text if it is right, and else fails with the code that the API documents for it.</summary>
public static class RamNames
{
    /// <summary>The longest name of a user, group or role, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The longest name of a policy, in characters.</summary>
    public const int MaxPolicyLength = 128;

    /// <summary>The longest display name, and the longest comments on a user or group, in characters.</summary>
    public const int MaxCommentsLength = 128;

    /// <summary>The longest description of a policy or role, in characters.</summary>
    public const int MaxDescriptionLength = 1024;

    // What the standards allow: an address of mail has up to 254 characters, a number of E.164 15 digits; the rest is for hyphens.
    private const int MaxEmailLength = 254;
    private const int MaxPhoneLength = 32;

    /// <summary>The name of a user: 1 to 64 letters, digits, <c>.</c>, <c>_</c> and <c>-</c> of ASCII.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>UserName.InvalidChars</c> or <c>UserName.Length</c>.</exception>
    public static string User(string? name, string parameter = "UserName") => Name(name, parameter, MaxLength, "._-");

    /// <summary>The name of a group: 1 to 64 letters, digits, <c>.</c>, <c>_</c> and <c>-</c> of ASCII.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>GroupName.InvalidChars</c> or <c>GroupName.Length</c>.</exception>
    public static string Group(string? name) => Name(name, "GroupName", MaxLength, "._-");

    /// <summary>The name of a role: 1 to 64 letters, digits, <c>.</c>, <c>_</c> and <c>-</c> of ASCII.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>RoleName.InvalidChars</c> or <c>RoleName.Length</c>.</exception>
    public static string Role(string? name) => Name(name, "RoleName", MaxLength, "._-");

    /// <summary>The name of a policy: 1 to 128 letters, digits and <c>-</c> of ASCII.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>PolicyName.InvalidChars</c> or <c>PolicyName.Length</c>.</exception>
    public static string Policy(string? name) => Name(name, "PolicyName", MaxPolicyLength, "-");

    /// <summary>A display name: up to 128 characters of one line.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>DisplayName.InvalidChars</c> or <c>DisplayName.Length</c>.</exception>
    public static string DisplayName(string text) => Text(text, "DisplayName", MaxCommentsLength, lines: false);

    /// <summary>Comments: up to 128 characters.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>Comments.InvalidChars</c> or <c>Comments.Length</c>.</exception>
    public static string Comments(string text) => Text(text, "Comments", MaxCommentsLength, lines: true);

    /// <summary>A description: up to 1024 characters.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>Description.InvalidChars</c> or <c>Description.Length</c>.</exception>
    public static string Description(string text) => Text(text, "Description", MaxDescriptionLength, lines: true);

    /// <summary>An address of mail, or nothing.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>Email.Format</c>.</exception>
    public static string Email(string text) => text.Length == 0 || IsEmail(text) ? text : throw Malformed("Email", "an address of the form name@domain");

    /// <summary>A telephone number, or nothing: digits in groups with hyphens between them, the first of which may begin with <c>+</c>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>MobilePhone.Format</c>.</exception>
    public static string MobilePhone(string text) => text.Length == 0 || IsPhone(text) ? text : throw Malformed("MobilePhone", "a number of the form 86-18600008888");

    /// <summary>The number of a policy version, 3 for <c>v3</c>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidRamParameter"/> with <c>VersionId.Format</c>.</exception>
    public static int Version(string? id)
    {
        if (string.IsNullOrEmpty(id)) throw RamErrors.Missing("VersionId");
        var isRight = id.Length > 1 && id[0] == 'v' && id[1] != '0' && int.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isRight ? int.Parse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture) : throw Malformed("VersionId", "\"v\" and a number");
    }

    /// <summary>The id of a policy version, <c>v3</c> for 3.</summary>
    public static string VersionId(int number) => string.Create(CultureInfo.InvariantCulture, $"v{number}");

    /// <summary>What two names have in common that differ in letter case only. Names are found as they are written, but no two may have this in common.</summary>
    public static string Fold(string name) => name.ToUpperInvariant();

    private static string Name(string? name, string parameter, int maxLength, string others)
    {
        if (string.IsNullOrEmpty(name)) throw RamErrors.Missing(parameter);
        if (name.Length > maxLength) throw TooLong(parameter, maxLength);
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !others.Contains(c)) throw InvalidChars(parameter, $"only letters, digits and {string.Join(" ", others.ToCharArray())}");
        }
        return name;
    }

    private static string Text(string text, string parameter, int maxLength, bool lines)
    {
        if (text.Length > maxLength) throw TooLong(parameter, maxLength);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && !(lines && text[i] is ('\t' or '\r' or '\n'))) throw InvalidChars(parameter, "no control characters");
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) throw InvalidChars(parameter, "no half of a surrogate pair");
            i++;
        }
        return text;
    }

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length <= MaxEmailLength && at > 0 && at < text.Length - 1 && text.IndexOf('@', at + 1) < 0 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c));
    }

    private static bool IsPhone(string text) =>
        text.Length <= MaxPhoneLength && text.TrimStart('+').Length >= text.Length - 1 && text.TrimStart('+').Split('-').All(part => part.Length > 0 && part.All(char.IsAsciiDigit));

    private static KmsException TooLong(string parameter, int maxLength) => RamErrors.Invalid($"{parameter}.Length", $"The parameter {parameter} is longer than {maxLength} characters.");

    private static KmsException InvalidChars(string parameter, string allowed) => RamErrors.Invalid($"{parameter}.InvalidChars", $"The parameter {parameter} may contain {allowed}.");

    private static KmsException Malformed(string parameter, string right) => RamErrors.Invalid($"{parameter}.Format", $"The parameter {parameter} has to be {right}.");
}
