using System.Data.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Access;

/// <summary>When access keys were used last, as far as it was told.</summary>
internal sealed class AccessKeyUses(DbDataSource database, BatchWriter writer)
{
    /// <summary>Stores a use.</summary>
    public Task Tell(string accessKeyId, DateTimeOffset at) => writer.Execute(command => command.Sql(
        "UPDATE kms_ram_access_key SET last_used_at = @at WHERE access_key_id = @id AND (last_used_at IS NULL OR last_used_at < @at)",
        ("@at", at.ToUnixTimeMilliseconds()), ("@id", accessKeyId)).ExecuteNonQuery());

    /// <summary>The last use that was told; null if there is none.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>.</exception>
    public async Task<DateTimeOffset?> Last(string accessKeyId)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync();
            await using var command = connection.CreateCommand();
            command.Sql("SELECT last_used_at FROM kms_ram_access_key WHERE access_key_id = @id", ("@id", accessKeyId));
            return await command.ExecuteScalarAsync() is long at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
        }
        catch (DbException e) { throw e.Unavailable(); }
    }
}
