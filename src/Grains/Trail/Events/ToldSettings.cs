using System.Text.Json;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Tells the parts of what callers want, each under the name that the API has for it.</summary>
internal static class ToldSettings
{
    private const string NewPrefix = "New";

    private static readonly JsonEncodedText Description = JsonEncodedText.Encode("Description");
    private static readonly JsonEncodedText KeyUsage = JsonEncodedText.Encode("KeyUsage");
    private static readonly JsonEncodedText KeySpecName = JsonEncodedText.Encode("KeySpec");
    private static readonly JsonEncodedText Origin = JsonEncodedText.Encode("Origin");
    private static readonly JsonEncodedText Level = JsonEncodedText.Encode("ProtectionLevel");
    private static readonly JsonEncodedText Tags = JsonEncodedText.Encode("Tags");
    private static readonly JsonEncodedText PageNumber = JsonEncodedText.Encode("PageNumber");
    private static readonly JsonEncodedText PageSize = JsonEncodedText.Encode("PageSize");
    private static readonly JsonEncodedText MaxItems = JsonEncodedText.Encode("MaxItems");
    private static readonly JsonEncodedText DurationSeconds = JsonEncodedText.Encode("DurationSeconds");

    /// <summary>A new CMK's settings.</summary>
    public static void Key(EventJson json, KeySettings settings)
    {
        if (settings.Description is { Length: > 0 } description) json.Text(Description, description);
        json.Text(KeyUsage, ToldTypes.Spelling(settings.Usage, ApiNames.ApiName));
        json.Text(KeySpecName, ToldTypes.Spelling(settings.Spec, ApiNames.ApiName));
        json.Text(Origin, ToldTypes.Spelling(settings.Origin, ApiNames.ApiName));
        json.Text(Level, ToldTypes.Spelling(settings.ProtectionLevel, ApiNames.ApiName));
        if (settings.RotationInterval is { } interval) Rotation(json, interval);
        if (settings.Tags is { Length: > 0 } tags) ToldTags.Tags(json, Tags, tags);
    }

    /// <summary>How often a CMK is to be rotated; null for never.</summary>
    public static void Rotation(EventJson json, TimeSpan? interval)
    {
        json.Text("EnableAutomaticRotation", interval is null ? "false" : "true");
        if (interval is { } value) json.Text("RotationInterval", RotationInterval.Format(value));
    }

    /// <summary>To what a data key is exported: all but the key itself, which is the caller's.</summary>
    public static void Recipient(EventJson json, WrappingPublicKey recipient)
    {
        json.Text("WrappingKeySpec", ToldTypes.Spelling(recipient.Spec, ApiNames.ApiName));
        json.Text("WrappingAlgorithm", ToldTypes.Spelling(recipient.Algorithm, ApiNames.ApiName));
    }

    /// <summary>A page of KMS.</summary>
    public static void Page(EventJson json, PageRequest page)
    {
        json.Number(PageNumber, page.Number);
        json.Number(PageSize, page.Size);
    }

    /// <summary>A page of RAM.</summary>
    public static void Page(EventJson json, MarkerRequest page)
    {
        json.Text("Marker", page.Marker);
        json.Number(MaxItems, page.MaxItems);
    }

    /// <summary>A session's settings.</summary>
    public static void Session(EventJson json, SessionSettings settings)
    {
        if (settings.DurationSeconds is { } seconds) json.Number(DurationSeconds, seconds);
        json.Text("Policy", settings.Policy);
        json.Text("ExternalId", settings.ExternalId);
    }

    /// <summary>A user's settings.</summary>
    public static void User(EventJson json, RamUserSettings settings, bool isChange)
    {
        var prefix = isChange ? NewPrefix : "";
        json.Text(prefix + "UserName", settings.UserName);
        json.Text(prefix + "DisplayName", settings.DisplayName);
        json.Text(prefix + "MobilePhone", settings.MobilePhone);
        json.Text(prefix + "Email", settings.Email);
        json.Text(prefix + "Comments", settings.Comments);
    }

    /// <summary>A role's settings.</summary>
    public static void Role(EventJson json, RamRoleSettings settings, bool isChange)
    {
        var prefix = isChange ? NewPrefix : "";
        json.Text(prefix + "AssumeRolePolicyDocument", settings.AssumeRolePolicyDocument);
        json.Text(prefix + "Description", settings.Description);
        if (settings.MaxSessionDuration is { } seconds) json.Number(JsonEncodedText.Encode(prefix + "MaxSessionDuration"), seconds);
    }
}
