using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests;

/// <summary>The SoftHSM token of this test process. A PKCS#11 module is configured once per process, so tests that need it share one, in one collection.</summary>
public sealed class TokenFixture : IDisposable
{
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-token-");

    public TokenFixture()
    {
        SoftHsmToken.Ensure(Options, Path.Combine(_root.FullName, "hsm"), inUse: false);
    }

    internal static string ModulePath { get; } =
        new[] { "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so" }.First(File.Exists);

    internal HsmOptions Options { get; } = new() { ModulePath = ModulePath };

    internal string TokenFolder => Path.Combine(_root.FullName, "hsm", "tokens");

    /// <summary>A new folder for one test.</summary>
    public string NewFolder() => _root.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    public void Dispose() => _root.Delete(recursive: true);
}

/// <summary>Tests that use the token run one after the other.</summary>
[CollectionDefinition("token")]
public sealed class TokenTests : ICollectionFixture<TokenFixture>;
