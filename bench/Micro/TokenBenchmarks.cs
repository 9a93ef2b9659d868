using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Micro;

/// <summary>AES-256-GCM in SoftHSM: what the service does, handle cache included, and the same by the interop library's own calls.</summary>
[MemoryDiagnoser, GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory), CategoriesColumn]
public class TokenBenchmarks : IDisposable
{
    private const int TagBits = 128;

    // SoftHSM takes one folder per process.
    private static readonly Lazy<(TokenAddress Token, ServiceKey ServiceKey)> Made = new(MakeToken);

    private readonly byte[] _iv = RandomNumberGenerator.GetBytes(GcmCipher.IvBytes);
    private readonly byte[] _aad = RandomNumberGenerator.GetBytes(64);
    private TokenSession? _session;
    private ISession? _interop;
    private HsmKey? _key;
    private IObjectHandle? _handle;
    private byte[] _plaintext = [];
    private byte[] _ciphertext = [];

    [Params(32, 4096)] public int PlaintextBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var (token, serviceKey) = Made.Value;
        var module = Pkcs11Module.Load(token.ModulePath);
        _session = new TokenSession(module, token, serviceKey);
        _key = new HsmKey(Guid.NewGuid(), _session.GenerateAesKey());
        _interop = TokenLogin.Open(module, token, SessionType.ReadOnly);
        using (var roots = new RootKeys(_interop, token.Name)) _handle = roots.Unwrap(_key.Wrapped);
        _plaintext = RandomNumberGenerator.GetBytes(PlaintextBytes);
        _ciphertext = Encrypt();
        if (!EncryptByInterop().AsSpan().SequenceEqual(_ciphertext)) throw new InvalidOperationException("Both have to do the same.");
    }

    [BenchmarkCategory("Encrypt"), Benchmark(Baseline = true)]
    public byte[] EncryptByInterop()
    {
        using var parameters = Pkcs11Module.Factories.MechanismParamsFactory.CreateCkGcmParams(_iv, GcmCipher.IvBytes * 8, _aad, TagBits);
        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
        return _interop!.Encrypt(mechanism, _handle!, _plaintext);
    }

    [BenchmarkCategory("Encrypt"), Benchmark]
    public byte[] Encrypt() => _session!.Encrypt(_key!, _iv, _aad, _plaintext);

    [BenchmarkCategory("Decrypt"), Benchmark(Baseline = true)]
    public byte[] DecryptByInterop()
    {
        using var parameters = Pkcs11Module.Factories.MechanismParamsFactory.CreateCkGcmParams(_iv, GcmCipher.IvBytes * 8, _aad, TagBits);
        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
        return _interop!.Decrypt(mechanism, _handle!, _ciphertext);
    }

    [BenchmarkCategory("Decrypt"), Benchmark]
    public byte[] Decrypt() => _session!.Decrypt(_key!, _iv, _aad, _ciphertext);

    [GlobalCleanup]
    public void Dispose()
    {
        _session?.Dispose();
        _interop?.Dispose();
        GC.SuppressFinalize(this);
    }

    private static (TokenAddress Token, ServiceKey ServiceKey) MakeToken()
    {
        var folder = Directory.CreateTempSubdirectory("kms-token-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var options = new HsmOptions { ModulePath = "/usr/lib/softhsm/libsofthsm2.so", TokenLabel = "bench" };
        SoftHsmToken.Prepare(Path.Combine(folder.FullName, "hsm"), options, databaseHasServiceKey: false);
        return (options.Addresses.Single(), ServiceKeySetup.Open(options, stored: null));
    }
}
