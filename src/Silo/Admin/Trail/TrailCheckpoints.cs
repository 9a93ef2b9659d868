namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Prints the newest checkpoint of each chain, to be kept elsewhere.</summary>
internal static class TrailCheckpoints
{
    public static AdminCommand Command { get; } = new(
        "trail checkpoint", "prints the newest signed checkpoint of each chain, a line each: keep them elsewhere, and trail verify --checkpoint holds the trail to them", [], Run);

    private static Task<int> Run(AdminContext context)
    {
        using var trail = TrailSnapshot.Open(context);
        foreach (var chain in trail.Chains())
        {
            if (trail.Newest(chain.Chain) is { } newest) context.Say(TrailStatement.Of($"chain {chain.Chain}", newest).Write());
        }
        return Task.FromResult(0);
    }
}
