using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>
/// What is known of a trail from outside its database: the public keys, which the token opens, and the checkpoints that it keeps. Who can write the database can change neither.
/// </summary>
internal sealed class TrailWitness
{
    private readonly Dictionary<string, byte[]> _keys = [];
    private readonly List<TrailStatement> _statements = [];

    /// <summary>The public keys that checkpoints may be signed for, by their names.</summary>
    public IReadOnlyDictionary<string, byte[]> Keys => _keys;

    /// <summary>The newest of the keys; null if there is none.</summary>
    public byte[]? NewestKey { get; private set; }

    /// <summary>The checkpoints.</summary>
    public IReadOnlyList<TrailStatement> Statements => _statements;

    /// <summary>Opens token or root key file for it.</summary>
    /// <exception cref="HsmSetupException">No token serves.</exception>
    public static TrailWitness Find(AdminContext context, DataFolder folder)
    {
        var witness = new TrailWitness();
        var databases = context.Databases(folder);
        var wrapped = AdminContext.ServiceKey(databases) ?? throw new StartupException($"{folder.Path} has no service key yet: start the service once.");
        if (context.Settings.Kms.HasToken) witness.AskTokens(context, folder, databases, new(wrapped));
        else witness.AskFile(context.Settings.Kms.RootKeyFile, databases, wrapped);
        return witness;
    }

    /// <summary>Without them: the keys alone.</summary>
    public static TrailWitness Of(IEnumerable<byte[]> publicKeys)
    {
        var witness = new TrailWitness();
        foreach (var key in publicKeys) witness.Add(key);
        return witness;
    }

    /// <summary>The same with statements that are kept elsewhere.</summary>
    public TrailWitness With(IEnumerable<TrailStatement> statements)
    {
        _statements.AddRange(statements);
        return this;
    }

    // One token that is away hides what it keeps, but the others keep the same.
    private void AskTokens(AdminContext context, DataFolder folder, ServiceDatabases databases, ServiceKey serviceKey)
    {
        HsmSetupException? failure = null;
        foreach (var token in context.Token(folder).Addresses)
        {
            try
            {
                var (keys, anchors) = ServiceKeySetup.Use(token, serviceKey, session => (PublicKeys(databases, session.Open), session.Anchors(Owner(databases, session.Open))));
                keys.ForEach(Add);
                _statements.AddRange(anchors.Select(anchor => TrailStatement.Of($"token {token.Name}", anchor)));
            }
            catch (HsmSetupException e)
            {
                failure = e;
                context.Say($"What token '{token.Name}' keeps of the trail is not known: {e.Message}");
            }
        }
        if (failure is not null && NewestKey is null && _statements.Count == 0) throw failure;
    }

    private void AskFile(string rootKeyFile, ServiceDatabases databases, WrappedKey wrapped)
    {
        using var roots = RootKeyFile.Read(rootKeyFile);
        using var seal = new InProcessSeal(roots.Unwrap(wrapped));
        PublicKeys(databases, seal.Open).ForEach(Add);
        _statements.AddRange(FileAnchors.Read(rootKeyFile, Owner(databases, seal.Open)).Select(anchor => TrailStatement.Of(FileAnchors.PathOf(rootKeyFile), anchor)));
    }

    private void Add(byte[] publicKey) => _keys[TrailKey.Name(publicKey)] = NewestKey = publicKey;

    private static string Owner(ServiceDatabases databases, Func<byte[], byte[], byte[]> open)
    {
        var secret = databases.Secrets.Find(ServiceSecrets.ClusterSecret) ?? throw new StartupException($"{databases.KmsName} lacks the cluster secret; restore it from a backup.");
        return TrailAnchors.Owner(new ClusterSecret(open(EmbeddedSetup.ClusterSecretPlace, secret.Value)));
    }

    private static List<byte[]> PublicKeys(ServiceDatabases databases, Func<byte[], byte[], byte[]> open)
    {
        var state = new StoredStates<KeyRecord>(databases.Grains, KeyRecord.StateName).Find(TrailKey.GrainKey);
        if (state is null) return [];
        var record = state.Record ?? throw new InvalidDataException($"The key of the trail cannot be read: {state.Failure}");
        return [.. record.Versions.Select(version => open(StoredMaterial.PublicPlace(StoredMaterial.Place(TrailKey.GrainKey, version.Id, record.Spec, record.Usage, record.ProtectionLevel)), version.PublicKey!))];
    }
}
