namespace Orleans.Kms.Grains.Trail;

/// <summary>A chain of blocks.</summary>
/// <param name="Chain">Its number in the database.</param>
/// <param name="ChainId">Its id.</param>
/// <param name="Writer">The name of the writer that it is of.</param>
/// <param name="BegunAt">When it was begun (UTC).</param>
internal sealed record TrailChain(int Chain, Guid ChainId, string Writer, DateTimeOffset BegunAt);
