using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What the token can do for keys of protection level HSM. Found out once, at start, by <see cref="CapabilityProbe"/>.</summary>
/// <param name="specs">The kinds of key that it makes, wraps and unwraps.</param>
/// <param name="signing">The algorithms that it signs with.</param>
/// <param name="encryption">The algorithms that it decrypts with.</param>
/// <param name="wrapping">The algorithms that it unwraps imported AES keys with.</param>
internal sealed class TokenCapabilities(
    IReadOnlySet<KeySpec> specs, IReadOnlySet<SigningAlgorithm> signing, IReadOnlySet<EncryptionAlgorithm> encryption, IReadOnlySet<WrappingAlgorithm> wrapping)
{
    /// <summary>Nothing: there is no token.</summary>
    public static TokenCapabilities None { get; } = new(new HashSet<KeySpec>(), new HashSet<SigningAlgorithm>(), new HashSet<EncryptionAlgorithm>(), new HashSet<WrappingAlgorithm>());

    private IReadOnlySet<SigningAlgorithm> Signing => signing;

    private IReadOnlySet<EncryptionAlgorithm> Encryption => encryption;

    /// <summary>The API's names of all that it can do, with commas.</summary>
    public string Offered => Names(offered: true);

    /// <summary>The API's names of all that it cannot do, with commas.</summary>
    public string Missing => Names(offered: false);

    /// <summary>Whether it can hold keys of that spec, for one use at least.</summary>
    public bool Offers(KeySpec spec) => specs.Contains(spec);

    /// <summary>Whether it can sign so with keys of that spec.</summary>
    public bool Offers(KeySpec spec, SigningAlgorithm algorithm) => Offers(spec) && algorithm.Fits(spec) && signing.Contains(algorithm);

    /// <summary>Whether it can decrypt so with keys of that spec.</summary>
    public bool Offers(KeySpec spec, EncryptionAlgorithm algorithm) => Offers(spec) && algorithm.Fits(spec) && encryption.Contains(algorithm);

    /// <summary>Whether it can unwrap imported AES keys so.</summary>
    public bool Offers(WrappingAlgorithm algorithm) => wrapping.Contains(algorithm);

    /// <summary>What both can do.</summary>
    public TokenCapabilities And(TokenCapabilities other) => new(
        specs.Where(other.Offers).ToHashSet(), signing.Where(other.Signing.Contains).ToHashSet(), encryption.Where(other.Encryption.Contains).ToHashSet(),
        wrapping.Where(other.Offers).ToHashSet());

    /// <summary>Fails unless <see cref="Offers(KeySpec)"/>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.UnsupportedOperation"/>, telling what the token lacks.</exception>
    public void Require(KeySpec spec)
    {
        if (!Offers(spec)) throw Lacks(spec.ApiName());
    }

    /// <inheritdoc cref="Require(KeySpec)"/>
    public void Require(KeySpec spec, SigningAlgorithm algorithm)
    {
        if (!Offers(spec, algorithm)) throw Lacks(algorithm.ApiName());
    }

    /// <inheritdoc cref="Require(KeySpec)"/>
    public void Require(KeySpec spec, EncryptionAlgorithm algorithm)
    {
        if (!Offers(spec, algorithm)) throw Lacks(algorithm.ApiName());
    }

    /// <inheritdoc cref="Require(KeySpec)"/>
    public void Require(WrappingAlgorithm algorithm)
    {
        if (Offers(algorithm)) return;
        var offered = string.Join(", ", wrapping.Order().Select(name => name.ApiName()));
        throw new KmsException(KmsErrorCode.UnsupportedOperation, $"{Lacks(algorithm.ApiName()).Message} For imports it has {(offered.Length > 0 ? offered : "none")}.");
    }

    private static KmsException Lacks(string name) =>
        new(KmsErrorCode.UnsupportedOperation, $"{KmsErrorCode.UnsupportedOperation.StandardMessage()} The token of this service has no {name}.");

    private string Names(bool offered) => string.Join(
        ", ",
        [
            .. Enum.GetValues<KeySpec>().Where(spec => specs.Contains(spec) == offered).Select(spec => spec.ApiName()),
            .. Enum.GetValues<SigningAlgorithm>().Where(algorithm => signing.Contains(algorithm) == offered).Select(algorithm => algorithm.ApiName()),
            .. Enum.GetValues<EncryptionAlgorithm>().Where(algorithm => encryption.Contains(algorithm) == offered).Select(algorithm => algorithm.ApiName()),
            .. Enum.GetValues<WrappingAlgorithm>().Where(algorithm => wrapping.Contains(algorithm) == offered).Select(algorithm => $"import with {algorithm.ApiName()}"),
        ]);
}
