using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client;

/// <summary>How a CMK is named: by its id, or by an alias that points to it.</summary>
/// <param name="Id">The id; meaningless with an alias.</param>
/// <param name="Alias">The alias with its prefix; null with an id.</param>
internal sealed record KeyName(Guid Id, string? Alias)
{
    /// <summary>Reads an id or alias name.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>.</exception>
    public static KeyName Parse(string text)
    {
        if (KeyId.TryParse(text, out var id)) return new(id, null);
        return AliasName.IsValid(text) ? new(default, text) : throw KmsException.InvalidParameter("KeyId");
    }

    /// <summary>The id of the CMK that is meant now.</summary>
    public async Task<Guid> Resolve(IGrainFactory grains, string accountId) =>
        Alias is null ? Id : await grains.GetGrain<IAliasGrain>(AliasName.GrainKey(accountId, Alias)).Resolve();
}
