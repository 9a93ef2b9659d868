using System.Reflection;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Serialization.Invocation;

namespace Orleans.Kms.Grains.Access;

/// <summary>Where a grain method's arguments are that policies look at, found by type and name; worked out once per method.</summary>
internal sealed class CallArguments
{
    private readonly int _keyIds;
    private readonly int _query;
    private readonly int _tags;
    private readonly int _settings;
    private readonly int _algorithm;
    private readonly int _context;
    private readonly int _destination;
    private readonly int _destinationContext;
    private readonly int _aliasTarget;

    private CallArguments(ParameterInfo[] parameters)
    {
        int Find(Type type, string? name = null) => Array.FindIndex(parameters, p => p.ParameterType == type && (name is null || p.Name == name));
        _keyIds = Find(typeof(Guid[]));
        _query = Find(typeof(TagQuery));
        _tags = Find(typeof(Tag[]));
        _settings = Find(typeof(KeySettings));
        _algorithm = Find(typeof(EncryptionAlgorithm));
        _context = Find(typeof(EncryptionContext), "context");
        _destination = Find(typeof(Guid), "destination");
        _destinationContext = Find(typeof(EncryptionContext), "destinationContext");
        _aliasTarget = Find(typeof(Guid), "keyId");
    }

    /// <summary>Those of a method without any.</summary>
    public static CallArguments None { get; } = new([]);

    /// <summary>Those of a method.</summary>
    public static CallArguments Of(MethodInfo method) => new(method.GetParameters());

    /// <summary>The CMKs that the call names; empty if it names none.</summary>
    public Guid[] KeyIds(IInvokable call) => Get<Guid[]>(call, _keyIds) ?? Get<TagQuery>(call, _query)?.KeyIds ?? [];

    /// <summary>The CMK that an alias is to point to.</summary>
    public Guid? AliasTarget(IInvokable call) => _aliasTarget < 0 ? null : (Guid)call.GetArgument(_aliasTarget)!;

    /// <summary>The CMK that encrypts anew.</summary>
    public Guid Destination(IInvokable call) => (Guid)call.GetArgument(_destination)!;

    /// <summary>The encryption context, of the CMK that opens if there are two.</summary>
    public EncryptionContext? Context(IInvokable call) => Get<EncryptionContext>(call, _context);

    /// <summary>The encryption context of the CMK that encrypts anew.</summary>
    public EncryptionContext? DestinationContext(IInvokable call) => Get<EncryptionContext>(call, _destinationContext);

    /// <summary>The algorithm's name; null if the method has no encryption algorithm.</summary>
    public string? Algorithm(IInvokable call)
    {
        if (_algorithm >= 0) return ((EncryptionAlgorithm)call.GetArgument(_algorithm)!).ApiName();
        return _context >= 0 ? SymmetricAlgorithm : null;
    }

    /// <summary>The tags that the call brings.</summary>
    public IReadOnlyList<Tag> Tags(IInvokable call) => Get<Tag[]>(call, _tags) ?? Get<KeySettings>(call, _settings)?.Tags ?? [];

    /// <summary>What policies call the encryption of symmetric CMKs.</summary>
    public const string SymmetricAlgorithm = "SYMMETRIC_DEFAULT";

    private static T? Get<T>(IInvokable call, int index) where T : class => index < 0 ? null : (T?)call.GetArgument(index);
}
