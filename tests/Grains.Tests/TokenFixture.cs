using System.Text;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Tests.Hsm;

namespace Orleans.Kms.Grains.Tests;

/// <summary>Tests that need a token: one at a time, for SoftHSM and its login belong to the process.</summary>
[CollectionDefinition(Name)]
public sealed class TokenTests : ICollectionFixture<TokenFixture>
{
    public const string Name = "token";
}

/// <summary>SoftHSM with its files in a temporary folder: the one of the test process, with as many tokens as tests want.</summary>
public sealed class TokenFixture : IDisposable
{
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-token-");

    private readonly Lazy<TwinTokens> _twins;

    public TokenFixture()
    {
        _twins = new(() => new TwinTokens(this));
        // SoftHSM reads its folder only once, so what killed set-ups leave has to be there from the start.
        HalfToken.Write(Tokens, "first");
        HalfToken.Write(Tokens, "second");
        Options = NewToken();
        ServiceKey = ServiceKeySetup.Open(Options, stored: null);
    }

    internal static string ModulePath { get; } =
        new[] { "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so" }.First(File.Exists);

    /// <summary>The folder of all tokens.</summary>
    internal string Folder => Path.Combine(_root.FullName, "hsm");

    /// <summary>The token of tests that leave it as it is.</summary>
    internal HsmOptions Options { get; }

    internal ServiceKey ServiceKey { get; }

    /// <summary>Two tokens behind shims, for tests that calm them before and after.</summary>
    public TwinTokens Twins => _twins.Value;

    private string Tokens => Path.Combine(Folder, "tokens");

    /// <summary>A new folder for one test's data.</summary>
    public string NewFolder() => _root.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    /// <summary>Makes a token for one test, without keys.</summary>
    internal HsmOptions NewToken()
    {
        var options = new HsmOptions { ModulePath = ModulePath, TokenLabel = $"test-{Guid.NewGuid():N}"[..32] };
        SoftHsmToken.Prepare(Folder, options, databaseHasServiceKey: false);
        return options;
    }

    /// <summary>Where SoftHSM keeps a token.</summary>
    internal string FolderOf(HsmOptions options) => System.IO.Directory.GetDirectories(Tokens)
        .Single(folder => File.ReadAllBytes(Path.Combine(folder, "token.object")).AsSpan().IndexOf(Encoding.ASCII.GetBytes(options.TokenLabel)) >= 0);

    internal TokenSession OpenSession(int handleCacheSize = 4096) => new(
        Pkcs11Module.Load(ModulePath), Options.Addresses.Single(), ServiceKey, handleCacheSize);

    public void Dispose()
    {
        if (_twins.IsValueCreated) _twins.Value.Dispose();
        _root.Delete(recursive: true);
    }
}
