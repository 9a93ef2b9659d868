using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Grains.Hsm;

/// <content>What the tokens keep of the trail.</content>
internal sealed partial class HsmWorkerGrain
{
    public async ValueTask<AnchorFailure[]> KeepAnchor(string owner, byte[] checkpoint)
    {
        var outcomes = await Lane.RunOnEach((owner, SignedCheckpoint.Read(checkpoint)!), static (session, a) => session.KeepAnchor(a.owner, a.Item2), nameof(KeepAnchor));
        return [.. outcomes.Where(outcome => outcome.Result is not null || outcome.Failure is not null).Select(Failure)];
    }

    private static AnchorFailure Failure((string Token, string? Result, KmsException? Failure) outcome) =>
        new($"Token {outcome.Token}", outcome.Result ?? outcome.Failure!.Message, IsForGood: outcome.Failure is null);
}
