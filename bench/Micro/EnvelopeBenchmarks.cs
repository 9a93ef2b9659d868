using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Micro;

/// <summary>What the envelope adds to AES-256-GCM itself: header, context, IV, the blob's own array.</summary>
[MemoryDiagnoser]
public class EnvelopeBenchmarks : IDisposable
{
    private readonly AesGcm _aes = new(new byte[32], CiphertextBlob.TagLength);
    private readonly SoftwareAesMaterial _material = new(Guid.NewGuid(), Guid.NewGuid(), new byte[32]);
    private readonly EncryptionContext _context = EncryptionContext.Of([new("order", "42"), new("purpose", "invoice")]);
    private readonly byte[] _iv = new byte[CiphertextBlob.IvLength];
    private readonly byte[] _tag = new byte[CiphertextBlob.TagLength];
    private readonly byte[] _header = new byte[CiphertextBlob.HeaderLength];
    private byte[] _plaintext = [];
    private byte[] _ciphertext = [];
    private byte[] _blob = [];

    [Params(44, 6144)] public int PlaintextBytes { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _plaintext = new byte[PlaintextBytes];
        _ciphertext = new byte[PlaintextBytes];
        _blob = await _material.Encrypt(_plaintext, _context);
    }

    [Benchmark(Baseline = true)] public void AesGcmAlone() => _aes.Encrypt(_iv, _plaintext, _ciphertext, _tag, _header);

    [Benchmark] public ValueTask<byte[]> Encrypt() => _material.Encrypt(_plaintext, EncryptionContext.Empty);

    [Benchmark] public ValueTask<byte[]> EncryptWithContext() => _material.Encrypt(_plaintext, _context);

    [Benchmark] public ValueTask<byte[]> DecryptWithContext() => _material.Decrypt(_blob, _context);

    public void Dispose()
    {
        _aes.Dispose();
        _material.Dispose();
        GC.SuppressFinalize(this);
    }
}
