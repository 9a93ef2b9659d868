using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>Two tokens that hold the same root key, each behind a shim of its own.</summary>
public sealed class TwinTokens : IDisposable
{
    public TwinTokens(TokenFixture token)
    {
        var rootKey = RandomNumberGenerator.GetBytes(32);
        HsmOptions[] made = [token.NewToken(), token.NewToken()];
        foreach (var options in made) TokenObjects.Look(options, session => session.CreateObject(RootKey(rootKey).Attributes));
        // After the tokens: SoftHSM looks for them when it starts.
        Shims = [new(token.NewFolder()), new(token.NewFolder())];
        One = [Options(made[0], Shims[0]), Options(made[1], Shims[1])];
        Both = new();
        foreach (var options in One)
        {
            Both.Tokens.Add(new() { ModulePath = options.ModulePath, TokenLabel = options.TokenLabel, PinFile = options.PinFile });
        }
        ServiceKey = ServiceKeySetup.Open(Both, stored: null);
    }

    /// <summary>One before each token.</summary>
    internal Shim[] Shims { get; }

    /// <summary>Each token alone.</summary>
    internal HsmOptions[] One { get; }

    internal HsmOptions Both { get; }

    internal ServiceKey ServiceKey { get; }

    public void Calm()
    {
        foreach (var shim in Shims) shim.Calm();
    }

    public void Dispose()
    {
        foreach (var shim in Shims) shim.Dispose();
    }

    private static HsmOptions Options(HsmOptions made, Shim shim) => new() { ModulePath = shim.ModulePath, TokenLabel = made.TokenLabel, PinFile = made.PinFile };

    private static KeyTemplate RootKey(byte[] value)
    {
        var template = KeyTemplate.RootKey(1);
        template.Attributes.RemoveAll(attribute => attribute.Type == (ulong)CKA.CKA_VALUE_LEN);
        template.Attributes.Add(KeyTemplate.Of(CKA.CKA_VALUE, value));
        return template;
    }
}
