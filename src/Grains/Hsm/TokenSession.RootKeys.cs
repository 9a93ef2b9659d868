using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <content>Versions of the root key.</content>
internal sealed partial class TokenSession
{
    /// <summary>Wraps a key under another root key, inside the token, and proves that it opens under that.</summary>
    /// <exception cref="InvalidDataException">It does not open under the root key that it is wrapped under.</exception>
    public WrappedKey Rewrap(HsmKey key, int rootKeyVersion)
    {
        using var template = key.Spec == KeySpec.Aes256 ? KeyTemplate.KeyToRewrap() : PairTemplates.NewPrivateKey(key.Spec);
        var extractable = Unwrap(key.Wrapped, () => _roots.Unwrap(key.Wrapped, template));
        try
        {
            var rewrapped = _roots.Wrap(rootKeyVersion, extractable);
            Check(key with { Wrapped = rewrapped });
            return rewrapped;
        }
        finally { _session.DestroyObject(extractable); }
    }

    /// <summary>Fails unless the key opens in the token. Nothing stays there.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public void Check(HsmKey key) => _session.DestroyObject(Unwrap(key.Wrapped, () => _roots.Unwrap(key.Wrapped, key.Spec, key.Usage)));
}
