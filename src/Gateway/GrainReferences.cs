using Orleans.Kms.Access;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Gateway;

/// <summary>
/// Gives references to the grains of the service. A grain factory works out the names of interface and grain anew for every reference, which took an eighth of an
/// Encrypt's CPU time; they never change, so here it is done once.
/// </summary>
internal sealed class GrainReferences(IGrainFactory grains)
{
    private readonly Lazy<Kind> _accessKeys = new(() => Kind.Of<IAccessKeyGrain>(grains));
    private readonly Lazy<Kind> _directories = new(() => Kind.Of<IDirectoryGrain>(grains));
    private readonly Lazy<Kind> _keys = new(() => Kind.Of<IKeyGrain>(grains));

    /// <summary>The access key of that id.</summary>
    public IAccessKeyGrain AccessKey(string id) => (IAccessKeyGrain)_accessKeys.Value.Get(grains, id);

    /// <summary>The directory of that account.</summary>
    public IDirectoryGrain Directory(string accountId) => (IDirectoryGrain)_directories.Value.Get(grains, accountId);

    /// <summary>The CMK of that account and id.</summary>
    public IKeyGrain Key(string accountId, Guid keyId) => (IKeyGrain)_keys.Value.Get(grains, KeyId.GrainKey(accountId, keyId));

    private sealed record Kind(GrainType Type, GrainInterfaceType Interface)
    {
        public static Kind Of<TGrain>(IGrainFactory grains) where TGrain : IGrainWithStringKey
        {
            var any = (GrainReference)(object)grains.GetGrain<TGrain>("any");
            return new(any.GrainId.Type, any.InterfaceType);
        }

        public IAddressable Get(IGrainFactory grains, string key) => grains.GetGrain(GrainId.Create(Type, key), Interface);
    }
}
