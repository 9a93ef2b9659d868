using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>The newest checkpoint of each chain of the trail as data objects of the token, seen by one session.</summary>
/// <param name="session">A session; to change them, one that may write.</param>
/// <param name="owner">Whose trail it is: others may use the token.</param>
internal sealed class AnchorObjects(ISession session, string owner)
{
    /// <summary>All that are kept. What cannot be read, the process that wrote it was killed at: the one before is there then.</summary>
    public List<SignedCheckpoint> Read() => [.. Find(label: null).Select(Read).OfType<SignedCheckpoint>()];

    /// <summary>Keeps a checkpoint, unless a newer one of its chain is kept. It is there before the last one goes: objects are not changed whole or not at all.</summary>
    public void Keep(SignedCheckpoint signed)
    {
        var checkpoint = TrailCheckpoint.Read(signed.Body)!;
        var kept = Find(Label(checkpoint.ChainId));
        if (kept.Select(Read).Any(other => other is not null && TrailCheckpoint.Read(other.Body)!.Number >= checkpoint.Number)) return;
        using var template = new KeyTemplate(
            KeyTemplate.Of(CKA.CKA_CLASS, (ulong)CKO.CKO_DATA), KeyTemplate.Of(CKA.CKA_TOKEN, true), KeyTemplate.Of(CKA.CKA_PRIVATE, true),
            KeyTemplate.Of(CKA.CKA_LABEL, Label(checkpoint.ChainId)), KeyTemplate.Of(CKA.CKA_APPLICATION, Application), KeyTemplate.Of(CKA.CKA_VALUE, signed.ToBytes()));
        session.CreateObject(template.Attributes);
        kept.ForEach(session.DestroyObject);
    }

    private string Application => $"Orleans.Kms {owner}";

    private static string Label(Guid chainId) => $"kms-trail:{chainId:D}";

    private List<IObjectHandle> Find(string? label)
    {
        using var template = new KeyTemplate(
            KeyTemplate.Of(CKA.CKA_CLASS, (ulong)CKO.CKO_DATA), KeyTemplate.Of(CKA.CKA_TOKEN, true), KeyTemplate.Of(CKA.CKA_APPLICATION, Application));
        if (label is not null) template.Attributes.Add(KeyTemplate.Of(CKA.CKA_LABEL, label));
        return session.FindAllObjects(template.Attributes);
    }

    private SignedCheckpoint? Read(IObjectHandle anchor)
    {
        var value = session.GetAttributeValue(anchor, [CKA.CKA_VALUE])[0];
        return !value.CannotBeRead && SignedCheckpoint.Read(value.GetValueAsByteArray() ?? []) is { } signed && TrailCheckpoint.Read(signed.Body) is not null ? signed : null;
    }
}
