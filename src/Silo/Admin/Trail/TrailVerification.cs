using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Verifies chain after chain, and tells the first fault of each.</summary>
/// <param name="context">Who hears of it.</param>
/// <param name="witness">What is known from outside.</param>
/// <param name="knownLosses">Ids of chains whose end is known to be lost.</param>
internal sealed class TrailVerification(AdminContext context, TrailWitness witness, string[] knownLosses)
{
    public int Chains { get; private set; }

    public long Blocks { get; private set; }

    public long Events { get; private set; }

    public int Faults { get; private set; }

    public void Run(TrailSnapshot trail)
    {
        var chains = trail.Chains();
        foreach (var chain in chains)
        {
            for (; ++Chains < chain.Chain; Faults++) context.Say($"FAULT chain {Chains}: it is missing as a whole");
            Verify(trail, chain);
        }
        foreach (var lost in witness.Statements.Where(statement => chains.TrueForAll(chain => chain.ChainId != statement.Checkpoint.ChainId)).GroupBy(statement => statement.Checkpoint.ChainId))
        {
            var newest = lost.MaxBy(statement => statement.Checkpoint.Number)!;
            Tell(lost.Key, $"{newest.Source} keeps checkpoint {newest.Checkpoint.Number} of {newest.Checkpoint.Time:yyyy-MM-ddTHH:mm:ssZ} of chain {lost.Key:D}, with {newest.Checkpoint.LastEvent} events: it is missing as a whole");
        }
    }

    private void Verify(TrailSnapshot trail, TrailChain chain)
    {
        var keptSince = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(context.Settings.Kms.Trail.RetentionDays);
        var statements = witness.Statements.Where(statement => statement.Checkpoint.ChainId == chain.ChainId).ToArray();
        var isKnown = knownLosses.Contains(chain.ChainId.ToString("D"));
        var verification = new ChainVerification(chain, witness.Keys, isKnown ? [] : statements, keptSince);
        var name = $"chain {chain.Chain} ({chain.ChainId:D}, writer {chain.Writer})";
        try
        {
            context.Say($"{name}: {verification.Run(trail, context.Cancellation)}");
            if (isKnown && statements.Length > 0) Tell(chain.ChainId, $"{name}: {statements[0].Source} keeps checkpoint {statements[0].Checkpoint.Number}, with {statements[0].Checkpoint.LastEvent} events");
        }
        // What somebody put into a column that is none of its kind cannot be read.
        catch (Exception e) when (e is TrailFaultException or InvalidCastException or InvalidOperationException or OverflowException or FormatException or ArgumentException)
        {
            Faults++;
            context.Say($"FAULT {name}: {e.Message}");
        }
        (Blocks, Events) = (Blocks + verification.Blocks, Events + verification.Events);
    }

    private void Tell(Guid chainId, string loss)
    {
        var isKnown = knownLosses.Contains(chainId.ToString("D"));
        if (!isKnown) Faults++;
        context.Say(isKnown ? $"known loss: {loss}" : $"FAULT {loss}");
    }
}
