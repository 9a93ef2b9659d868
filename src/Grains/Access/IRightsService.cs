using Orleans.Services;

namespace Orleans.Kms.Grains.Access;

/// <summary>Reaches the <see cref="RightsCache"/> of one silo.</summary>
[Alias("kms.rights-service")]
internal interface IRightsService : IGrainService
{
    /// <summary>Makes the silo forget what it knows of an account's access keys.</summary>
    [Alias("forget")]
    Task Forget(string accountId);
}
