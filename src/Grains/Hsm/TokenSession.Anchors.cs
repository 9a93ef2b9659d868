using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Grains.Hsm;

/// <content>What the token keeps of the trail.</content>
internal sealed partial class TokenSession
{
    /// <summary>Keeps a checkpoint, see <see cref="AnchorObjects"/>, by a session that may write: this one may not.</summary>
    /// <returns>Why the token never will; null if it did.</returns>
    public string? KeepAnchor(string owner, SignedCheckpoint checkpoint)
    {
        try
        {
            var session = TokenLogin.Open(_module, _token, SessionType.ReadWrite);
            try { new AnchorObjects(session, owner).Keep(checkpoint); }
            finally { TokenLogin.Close(_module, _token, session); }
            return null;
        }
        catch (Pkcs11Exception e) when (!TokenFaults.IsFault(e.RV)) { return $"{e.Method}: {e.RV}"; }
    }

    /// <summary>The checkpoints that it keeps; none if it keeps no data objects.</summary>
    public List<SignedCheckpoint> Anchors(string owner)
    {
        try { return new AnchorObjects(_session, owner).Read(); }
        catch (Pkcs11Exception e) when (!TokenFaults.IsFault(e.RV)) { return []; }
    }
}
