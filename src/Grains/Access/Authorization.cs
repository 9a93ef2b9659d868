using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Serialization.Invocation;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// Asks a caller's policies whether it may do what a call does, for every resource that the call is evaluated against. A resource that there is not is told before a permission that
/// is not there, as the API documents it.
/// </summary>
internal sealed class Authorization(IGrainFactory grains, SiloPass pass, IOptions<KmsOptions> options, TimeProvider clock)
{
    private const string Anything = "*";

    /// <summary>Fails unless the grain belongs to the caller's account. To a caller of another account a key or alias is as if absent.</summary>
    public static void RequireAccount(Caller caller, ActionAttribute? action, ReadOnlySpan<char> grainKey)
    {
        // Only keys and aliases have more than the account in their grain's key: others with more would be of an account of their own.
        var isWhole = action is not (null or KmsActionAttribute { Resource: ResourceKind.Key or ResourceKind.SourceAndDestination or ResourceKind.Alias });
        var slash = isWhole ? -1 : grainKey.IndexOf('/');
        if ((slash < 0 ? grainKey : grainKey[..slash]).SequenceEqual(caller.AccountId)) return;
        throw new KmsException(action switch
        {
            KmsActionAttribute { Resource: ResourceKind.Key or ResourceKind.SourceAndDestination } => KmsErrorCode.KeyNotFound,
            KmsActionAttribute { Resource: ResourceKind.Alias } => KmsErrorCode.AliasNotFound,
            RamActionAttribute => KmsErrorCode.RamNoPermission,
            _ => KmsErrorCode.NoPermission,
        });
    }

    /// <summary>Fails unless the caller may do this to the CMK that the call goes to. Nothing of it leaves the grain.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.NoPermission"/>; that there is no such CMK.</exception>
    public void RequireForKey(CallRule rule, IInvokable call, KeyGrain key, Caller caller, Rights rights) =>
        Require(new(rule.Action!.RamName, key.Arn, key.PolicyTags, rule.Arguments.Context(call)), rule, call, caller, rights);

    /// <summary>Fails unless the caller may do this to everything that the call names.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.NoPermission"/> or <see cref="KmsErrorCode.RamNoPermission"/>; that there is no such CMK or alias.
    /// </exception>
    public async Task Require(CallRule rule, IIncomingGrainCallContext context, Caller caller, Rights rights)
    {
        var call = context.Request;
        if (rule.Action is RamActionAttribute)
        {
            foreach (var resource in rule.RamResources) Require(new(rule.Action.RamName, resource.Arn(call, caller.AccountId, rights.Name), [], null), rule, call, caller, rights);
            return;
        }
        foreach (var question in await Questions((KmsActionAttribute)rule.Action!, rule.Arguments, context, caller.AccountId)) Require(question, rule, call, caller, rights);
    }

    private void Require(Question question, CallRule rule, IInvokable call, Caller caller, Rights rights)
    {
        var needs = rights.Needs;
        var request = new AccessRequest
        {
            Action = question.Action,
            Resource = question.Resource,
            PrincipalArn = rights.PrincipalArn,
            Now = clock.GetUtcNow(),
            SourceAddress = needs.HasFlag(RequestNeeds.SourceAddress) ? SourceAddress.Parse(caller.Facts.SourceIp) : null,
            SecureTransport = caller.Facts.SecureTransport,
            ResourceTags = question.Tags,
            RequestTags = needs.HasFlag(RequestNeeds.RequestTags) ? rule.Arguments.Tags(call) : null,
            EncryptionAlgorithm = needs.HasFlag(RequestNeeds.EncryptionAlgorithm) ? question.IsDestination ? CallArguments.SymmetricAlgorithm : rule.Arguments.Algorithm(call) : null,
            EncryptionContext = needs.HasFlag(RequestNeeds.EncryptionContext) ? question.Context : null,
        };
        if (rights.Evaluate(request) != Verdict.Allow) throw Denial.Of(rule.Action!, question.Action, question.Resource);
    }

    private async ValueTask<IReadOnlyList<Question>> Questions(KmsActionAttribute action, CallArguments arguments, IIncomingGrainCallContext context, string accountId)
    {
        var call = context.Request;
        switch (action.Resource)
        {
            case ResourceKind.KeyContainer: return [Container("key")];
            case ResourceKind.AliasContainer: return [Container("alias")];
            case ResourceKind.Service: return [new(action.RamName, Anything, [], null)];
            // Of a grain that works for the key's own.
            case ResourceKind.Key when KeyId.TryParseGrainKey(context.TargetId.Key.ToString()!, out _, out var keyId): return [await OfKey(action.RamName, accountId, keyId)];
            case ResourceKind.Keys:
                var named = arguments.KeyIds(call);
                if (named.Length > TagQuery.MaxResources) throw KmsException.InvalidParameter("ResourceId");
                var ids = named.Distinct().ToArray();
                return ids.Length == 0 ? [Container("key")] : await Task.WhenAll(ids.Select(id => OfTagged(action.RamName, accountId, id)));
            case ResourceKind.SourceAndDestination:
                var destination = await OfKey(action.RamName + "To", accountId, arguments.Destination(call));
                return [OfSource(action.RamName + "From", arguments, call, (KeyGrain)context.Grain), destination with { Context = arguments.DestinationContext(call), IsDestination = true }];
            case ResourceKind.Alias:
                return await OfAlias(action, accountId, (AliasGrain)context.Grain, arguments.AliasTarget(call));
            default: throw new KmsException(KmsErrorCode.KeyNotFound);
        }

        Question Container(string name) => new(action.RamName, $"acs:kms:{options.Value.RegionId}:{accountId}:{name}", [], null);
    }

    // Who presents a blob has named no key: that the blob's is not there is told as any other fault of the blob.
    private static Question OfSource(string action, CallArguments arguments, IInvokable call, KeyGrain source)
    {
        var context = arguments.Context(call);
        try { return new(action, source.Arn, source.PolicyTags, context); }
        catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound && arguments.Algorithm(call) == CallArguments.SymmetricAlgorithm) { throw KmsException.BadCiphertext(); }
    }

    // The alias, the CMK that it points to and the one that it is to point to. A CMK that is gone has no tags, and its alias can be moved or removed all the same.
    private async Task<IReadOnlyList<Question>> OfAlias(KmsActionAttribute action, string accountId, AliasGrain alias, Guid? target)
    {
        var questions = new List<Question> { new(action.RamName, AliasName.Arn(options.Value.RegionId, accountId, alias.Name), [], null) };
        if (action.Action != "CreateAlias")
        {
            var present = alias.Target;
            try { questions.Add(await OfKey(action.RamName, accountId, present)); }
            catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound) { questions.Add(new(action.RamName, Arn(accountId, present), [], null)); }
        }
        if (target is { } keyId) questions.Add(await OfKey(action.RamName, accountId, keyId));
        return questions;
    }

    private async Task<Question> OfTagged(string action, string accountId, Guid keyId)
    {
        try { return await OfKey(action, accountId, keyId); }
        catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound) { throw new KmsException(KmsErrorCode.TagResourceNotFound); }
    }

    private async Task<Question> OfKey(string action, string accountId, Guid keyId)
    {
        pass.Attach();
        return new(action, Arn(accountId, keyId), await grains.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(accountId, keyId)).TagsForPolicies(), null);
    }

    private string Arn(string accountId, Guid keyId) => KeyId.Arn(options.Value.RegionId, accountId, keyId);

    // What encrypts anew is symmetric, whatever the algorithm of the call opens.
    private readonly record struct Question(string Action, string Resource, IReadOnlyList<Tag> Tags, EncryptionContext? Context, bool IsDestination = false);
}
