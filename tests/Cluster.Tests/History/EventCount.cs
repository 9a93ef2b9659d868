namespace Orleans.Kms.Cluster.Tests.History;

/// <summary>How many events a request id has.</summary>
/// <param name="Recorded">Of calls as they ended.</param>
/// <param name="Recovered">Of changes whose call did not come to record them; marked so.</param>
internal readonly record struct EventCount(int Recorded, int Recovered)
{
    /// <summary>All of them.</summary>
    public int All => Recorded + Recovered;

    /// <summary>One more.</summary>
    public EventCount With(bool isRecovered) => isRecovered ? this with { Recovered = Recovered + 1 } : this with { Recorded = Recorded + 1 };
}
