using Orleans.Kms.Access;
using Orleans.Kms.Aliases;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway;

/// <summary>
/// Gives references to the grains of the service. A grain factory works out the names of interface and grain anew for every reference, which took an eighth of an
/// Encrypt's CPU time; they never change, so here it is done once.
/// </summary>
internal sealed class GrainReferences(IGrainFactory grains)
{
    private readonly Lazy<Kind> _accessKeys = new(() => Kind.Of<IAccessKeyGrain>(grains));
    private readonly Lazy<Kind> _directories = new(() => Kind.Of<IDirectoryGrain>(grains));
    private readonly Lazy<Kind> _aliases = new(() => Kind.Of<IAliasGrain>(grains));
    private readonly Lazy<Kind> _keys = new(() => Kind.Of<IKeyGrain>(grains));
    private readonly Lazy<Kind> _lifecycles = new(() => Kind.Of<IKeyLifecycleGrain>(grains));
    private readonly Lazy<Kind> _versions = new(() => Kind.Of<IKeyVersionsGrain>(grains));
    private readonly Lazy<Kind> _versionMakers = new(() => Kind.Of<IKeyVersionMakerGrain>(grains));
    private readonly Lazy<Kind> _labels = new(() => Kind.Of<IKeyLabelsGrain>(grains));
    private readonly Lazy<Kind> _dataKeys = new(() => Kind.Of<IDataKeysGrain>(grains));
    private readonly Lazy<Kind> _imports = new(() => Kind.Of<IKeyImportGrain>(grains));
    private readonly Lazy<Kind> _asymmetric = new(() => Kind.Of<IAsymmetricKeyGrain>(grains));
    private readonly Lazy<Kind> _users = new(() => Kind.Of<IRamUsersGrain>(grains));
    private readonly Lazy<Kind> _groups = new(() => Kind.Of<IRamGroupsGrain>(grains));
    private readonly Lazy<Kind> _roles = new(() => Kind.Of<IRamRolesGrain>(grains));
    private readonly Lazy<Kind> _policies = new(() => Kind.Of<IRamPoliciesGrain>(grains));
    private readonly Lazy<Kind> _sts = new(() => Kind.Of<IStsGrain>(grains));
    private readonly Lazy<Kind> _refusals = new(() => Kind.Of<IRefusalGrain>(grains));
    private readonly Lazy<Kind> _actionTrails = new(() => Kind.Of<IActionTrailGrain>(grains));

    /// <summary>The access key of that id.</summary>
    public IAccessKeyGrain AccessKey(string id) => (IAccessKeyGrain)_accessKeys.Value.Get(grains, id);

    /// <summary>The directory of that account.</summary>
    public IDirectoryGrain Directory(string accountId) => (IDirectoryGrain)_directories.Value.Get(grains, accountId);

    /// <summary>The alias of that account and name.</summary>
    public IAliasGrain Alias(string accountId, string name) => (IAliasGrain)_aliases.Value.Get(grains, AliasName.GrainKey(accountId, name));

    /// <summary>The CMK of that account and id.</summary>
    public IKeyGrain Key(string accountId, Guid keyId) => Key<IKeyGrain>(_keys, accountId, keyId);

    /// <summary>The life of that CMK.</summary>
    public IKeyLifecycleGrain Lifecycle(string accountId, Guid keyId) => Key<IKeyLifecycleGrain>(_lifecycles, accountId, keyId);

    /// <summary>The versions of that CMK.</summary>
    public IKeyVersionsGrain Versions(string accountId, Guid keyId) => Key<IKeyVersionsGrain>(_versions, accountId, keyId);

    /// <summary>What makes new versions of that CMK.</summary>
    public IKeyVersionMakerGrain VersionMaker(string accountId, Guid keyId) => Key<IKeyVersionMakerGrain>(_versionMakers, accountId, keyId);

    /// <summary>The tags and aliases of that CMK.</summary>
    public IKeyLabelsGrain Labels(string accountId, Guid keyId) => Key<IKeyLabelsGrain>(_labels, accountId, keyId);

    /// <summary>The ciphertexts of that CMK that go on to other keys.</summary>
    public IDataKeysGrain DataKeys(string accountId, Guid keyId) => Key<IDataKeysGrain>(_dataKeys, accountId, keyId);

    /// <summary>The asymmetric cryptography of that CMK.</summary>
    public IAsymmetricKeyGrain Asymmetric(string accountId, Guid keyId) => Key<IAsymmetricKeyGrain>(_asymmetric, accountId, keyId);

    /// <summary>The imported material of that CMK.</summary>
    public IKeyImportGrain Import(string accountId, Guid keyId) => Key<IKeyImportGrain>(_imports, accountId, keyId);

    /// <summary>The RAM users of that account.</summary>
    public IRamUsersGrain Users(string accountId) => (IRamUsersGrain)_users.Value.Get(grains, accountId);

    /// <summary>The RAM groups of that account.</summary>
    public IRamGroupsGrain Groups(string accountId) => (IRamGroupsGrain)_groups.Value.Get(grains, accountId);

    /// <summary>The RAM roles of that account.</summary>
    public IRamRolesGrain Roles(string accountId) => (IRamRolesGrain)_roles.Value.Get(grains, accountId);

    /// <summary>The RAM policies of that account.</summary>
    public IRamPoliciesGrain Policies(string accountId) => (IRamPoliciesGrain)_policies.Value.Get(grains, accountId);

    /// <summary>What gives callers of that account temporary credentials.</summary>
    public IStsGrain Sts(string accountId) => (IStsGrain)_sts.Value.Get(grains, accountId);

    /// <summary>What records refused calls of callers of that account.</summary>
    public IRefusalGrain Refusals(string accountId) => (IRefusalGrain)_refusals.Value.Get(grains, accountId);

    /// <summary>The events and trails of that account.</summary>
    public IActionTrailGrain ActionTrail(string accountId) => (IActionTrailGrain)_actionTrails.Value.Get(grains, accountId);

    private TGrain Key<TGrain>(Lazy<Kind> kind, string accountId, Guid keyId) => (TGrain)kind.Value.Get(grains, KeyId.GrainKey(accountId, keyId));

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
