using System.Data.Common;

namespace Orleans.Kms.Grains.Trail;

/// <summary>The database that the trail is in. On SQLite it is a file of its own, since each has one writer.</summary>
/// <param name="Source">Gives connections to it.</param>
internal sealed record TrailDatabase(DbDataSource Source);
