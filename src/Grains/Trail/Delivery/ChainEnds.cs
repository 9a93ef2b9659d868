using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>Tells where the chains of the trail end at the moment.</summary>
internal sealed class ChainEnds(TrailDatabase database)
{
    /// <summary>The number of each chain's last block; 0 for a chain without any.</summary>
    /// <exception cref="Errors.KmsException"><see cref="Errors.KmsErrorCode.ServiceUnavailable"/></exception>
    public async Task<IReadOnlyDictionary<int, long>> Find()
    {
        try { return await Task.Run(Read); }
        catch (DbException e) { throw e.Unavailable(); }
    }

    private Dictionary<int, long> Read()
    {
        using var connection = database.Source.OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql("SELECT c.chain, COALESCE((SELECT MAX(b.number) FROM kms_trail_block b WHERE b.chain = c.chain), 0) FROM kms_trail_chain c")
            .Rows(reader => (Chain: reader.GetInt32(0), Number: reader.GetInt64(1))).ToDictionary(end => end.Chain, end => end.Number);
    }
}
