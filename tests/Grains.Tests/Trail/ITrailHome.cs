using System.Data.Common;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>Where a test has an empty trail.</summary>
internal interface ITrailHome : IDisposable
{
    /// <summary>Gives connections, which wait for locks for at most so long.</summary>
    DbDataSource Source(int timeoutSeconds = 5);

    /// <summary>Keeps everybody else from writing until it is disposed of.</summary>
    IDisposable Lock();
}
