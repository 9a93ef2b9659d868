using System.Text.Json;
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
        var chains = Chained(trail);
        RequireAll(chains);
        foreach (var chain in chains) Verify(trail, chain);
        // They would be found by lookups, and nothing vouches for them.
        if (trail.Strays() is > 0 and var strays) Fault($"{strays} blocks and checkpoints are of no chain that is there");
        foreach (var lost in witness.Statements.Where(statement => chains.TrueForAll(chain => chain.ChainId != statement.Checkpoint.ChainId)).GroupBy(statement => statement.Checkpoint.ChainId))
        {
            var newest = lost.MaxBy(statement => statement.Checkpoint.Number)!;
            Tell(lost.Key, $"{newest.Source} keeps checkpoint {newest.Checkpoint.Number} of {newest.Checkpoint.Time:yyyy-MM-ddTHH:mm:ssZ} of chain {lost.Key:D}, with {newest.Checkpoint.LastEvent} events: it is missing as a whole");
        }
    }

    private List<TrailChain> Chained(TrailSnapshot trail)
    {
        try { return trail.Chains(); }
        catch (Exception e) when (IsUnreadable(e))
        {
            Fault($"the table of chains cannot be read: {e.Message}");
            return [];
        }
    }

    // They are numbered from 1, without a gap.
    private void RequireAll(List<TrailChain> chains)
    {
        var next = 1L;
        foreach (var chain in chains)
        {
            if (chain.Chain == next + 1) Fault($"chain {next}: it is missing as a whole");
            else if (chain.Chain > next) Fault($"chains {next} to {chain.Chain - 1}: they are missing as a whole");
            next = chain.Chain + 1L;
        }
        Chains = chains.Count;
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
            Say($"{name}: {verification.Run(trail, context.Cancellation)}");
            if (isKnown && statements.Length > 0) Tell(chain.ChainId, $"{name}: {statements[0].Source} keeps checkpoint {statements[0].Checkpoint.Number}, with {statements[0].Checkpoint.LastEvent} events");
        }
        catch (Exception e) when (e is TrailFaultException || IsUnreadable(e)) { Fault($"{name}: {e.Message}"); }
        (Blocks, Events) = (Blocks + verification.Blocks, Events + verification.Events);
    }

    private void Tell(Guid chainId, string loss)
    {
        if (knownLosses.Contains(chainId.ToString("D"))) Say($"known loss: {loss}");
        else Fault(loss);
    }

    private void Fault(string what)
    {
        Faults++;
        Say($"FAULT {what}");
    }

    // Some of it is text from the database, which must not move the cursor of a terminal.
    private void Say(string line) => context.Say(string.Concat(line.Select(c => char.IsControl(c) ? '?' : c)));

    // What somebody put into a column that is none of its kind.
    private static bool IsUnreadable(Exception e) => e is InvalidCastException or InvalidOperationException or OverflowException or FormatException or ArgumentException or JsonException;
}
