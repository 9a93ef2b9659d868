using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>Anchors in every token of the silo.</summary>
internal sealed class TokenAnchors(HsmWorkers workers, ClusterSecret secret) : TrailAnchors
{
    private readonly string _owner = Owner(secret);

    public override async Task<IReadOnlyList<AnchorFailure>> Keep(SignedCheckpoint checkpoint) => await workers.Anchors().KeepAnchor(_owner, checkpoint.ToBytes());
}
