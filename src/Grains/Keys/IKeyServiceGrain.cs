using Orleans.Concurrency;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>The side of a key grain that only the service itself calls; the grain key is that of <see cref="IKeyGrain"/>.</summary>
[Alias("kms.key-service")]
internal interface IKeyServiceGrain : IGrainWithStringKey
{
    /// <summary>Versions that one call of <see cref="Rewrap"/> wraps anew at most: what waits for the key's turn, DisableKey for instance, waits for no more.</summary>
    const int RewrappedAtOnce = 32;

    /// <summary>Makes the key with its first version; durable when this returns.</summary>
    [Alias("create"), ResponseTimeout("00:00:40")]
    Task<KeyMetadata> Create(KeySettings settings);

    /// <summary>Makes the index tell what is durable, a destroyed key's aliases included; whether there is the key.</summary>
    [Alias("settle")]
    Task<bool> Settle();

    /// <summary>Does what is due by now: destruction, expiry of material or rotation. Nothing happens if nothing is due.</summary>
    [Alias("run-due")]
    Task RunDue();

    /// <summary>Fails as the operation would, as far as the key's existence, kind and state decide. Interleaves: grains that the key calls may call it.</summary>
    [Alias("require"), AlwaysInterleave]
    Task Require(KeyOperation operation);

    /// <summary>The tags that policies look at; fails if there is no such key. Interleaves, as <see cref="Require"/>.</summary>
    [Alias("tags-for-policies"), AlwaysInterleave]
    ValueTask<Tag[]> TagsForPolicies();

    /// <summary>Fails as adding these tags would.</summary>
    [Alias("require-tags")]
    Task RequireTags(Tag[] tags);

    /// <summary>Adds tags.</summary>
    [Alias("add-tags")]
    Task AddTags(Tag[] tags);

    /// <summary>Removes tags.</summary>
    [Alias("remove-tags")]
    Task RemoveTags(string[] tagKeys);

    /// <summary>Removes all tags.</summary>
    [Alias("remove-all-tags")]
    Task RemoveAllTags();

    /// <summary>Fails as CreateKeyVersion would; gives what the new version has to be.</summary>
    [Alias("require-new-version"), AlwaysInterleave]
    Task<KeySettings> RequireNewVersion();

    /// <summary>Adds a version whose material is made already, unless CreateKeyVersion is refused by now.</summary>
    [Alias("add-version")]
    Task AddVersion(KeyVersionRecord version);

    /// <summary>Makes imported material that of the key, unless ImportKeyMaterial is refused by now.</summary>
    /// <returns>False if it has to be checked first: other material was imported meanwhile.</returns>
    [Alias("adopt-material")]
    Task<bool> AdoptMaterial(ImportedMaterial material);

    /// <summary>
    /// Wraps material of protection level HSM under another root key of the token, in every state of the key; durable when this returns. Gives how many versions it was:
    /// <see cref="RewrappedAtOnce"/> if there may be more, for which it is called again.
    /// </summary>
    [Alias("rewrap")]
    Task<int> Rewrap(int rootKeyVersion);

    /// <summary>Encrypts what another CMK opened.</summary>
    [Alias("encrypt-for-re-encrypt"), AlwaysInterleave]
    ValueTask<byte[]> EncryptForReEncrypt([Immutable] byte[] plaintext, EncryptionContext context);

    /// <summary>The public key of the newest version, SubjectPublicKeyInfo in DER.</summary>
    [Alias("newest-public-key")]
    Task<byte[]> NewestPublicKey();

    /// <summary>Signs a digest of 32 bytes with the newest version of an EC_P256 key.</summary>
    [Alias("sign-with-newest")]
    Task<NewestSignature> SignWithNewest([Immutable] byte[] digest);
}
