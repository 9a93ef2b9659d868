using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>The database that the trail is in. On SQLite it is a file of its own, since each has one writer.</summary>
/// <param name="Source">Gives connections to it: new ones, for one that met a file that could not be written then goes on so.</param>
/// <param name="File">The file, if it is one: who has it open can write it also after it was removed, and what is written then is lost.</param>
/// <param name="Fence">Asked in each transaction that writes, where there are several silos.</param>
internal sealed record TrailDatabase(DbDataSource Source, string? File = null, MemberFence? Fence = null)
{
    /// <summary>Fails if the file is gone.</summary>
    /// <exception cref="FileNotFoundException">It is.</exception>
    public void RequireThere()
    {
        if (File is not null && !System.IO.File.Exists(File)) throw new FileNotFoundException("The trail's database is not there any more.", File);
    }
}
