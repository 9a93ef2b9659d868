using System.Data.Common;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Storage;

/// <summary>What callers hear of a database that fails.</summary>
internal static class DbExceptionExtensions
{
    /// <summary>The failure to answer with: a later try may succeed. Of the database it tells the SQL state, and nothing else.</summary>
    public static KmsException Unavailable(this DbException e) =>
        new(KmsErrorCode.ServiceUnavailable, $"{KmsErrorCode.ServiceUnavailable.StandardMessage()} ({e.SqlState ?? "database"})");
}
