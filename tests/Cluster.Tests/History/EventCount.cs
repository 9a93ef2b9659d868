namespace Orleans.Kms.Cluster.Tests.History;

/// <summary>How many events a request id has.</summary>
/// <param name="Recorded">Of calls as they ended.</param>
/// <param name="Recovered">Of changes whose call did not come to record them; marked so.</param>
/// <param name="AskedAgain">That the request was there already (<c>SignatureNonceUsed</c>): a gateway that had no answer asked a second time whether it is genuine, and the first question came through after all.</param>
internal readonly record struct EventCount(int Recorded, int Recovered, int AskedAgain = 0)
{
    /// <summary>Those of the call itself.</summary>
    public int All => Recorded + Recovered;

    /// <summary>Whether there is any.</summary>
    public bool IsAny => All + AskedAgain > 0;

    /// <summary>One more.</summary>
    /// <param name="isRecovered">Whether it is marked so.</param>
    /// <param name="errorCode">Its error; null for none.</param>
    public EventCount With(bool isRecovered, string? errorCode) =>
        errorCode == "SignatureNonceUsed" ? this with { AskedAgain = AskedAgain + 1 } : isRecovered ? this with { Recovered = Recovered + 1 } : this with { Recorded = Recorded + 1 };
}
