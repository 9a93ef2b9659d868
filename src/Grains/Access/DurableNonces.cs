using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// The nonces of requests dated ahead of the service's clock. All others are refused after a restart by their date; these would not be, so they are durable
/// before their request is answered.
/// </summary>
internal sealed class DurableNonces(DbDataSource database, BatchWriter writer)
{
    /// <summary>Keeps a nonce until <paramref name="expiresAt"/>, and drops those whose time is over.</summary>
    public Task Add(string accessKeyId, string nonce, DateTimeOffset expiresAt, DateTimeOffset now) => writer.Execute(command =>
    {
        command.Sql("INSERT INTO kms_nonce (access_key_id, nonce, expires_at) VALUES (@key, @nonce, @expires) ON CONFLICT DO NOTHING",
            ("@key", accessKeyId), ("@nonce", nonce), ("@expires", expiresAt.ToUnixTimeMilliseconds())).ExecuteNonQuery();
        command.Sql("DELETE FROM kms_nonce WHERE expires_at < @now", ("@now", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();
    });

    /// <summary>The nonces of an access key that are still of use.</summary>
    public async Task<IReadOnlyList<(string Nonce, DateTimeOffset ExpiresAt)>> Load(string accessKeyId, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.Sql("SELECT nonce, expires_at FROM kms_nonce WHERE access_key_id = @key AND expires_at >= @now", ("@key", accessKeyId), ("@now", now.ToUnixTimeMilliseconds()));
        var nonces = new List<(string, DateTimeOffset)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) nonces.Add((reader.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1))));
        return nonces;
    }
}
