using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>
/// Every code of PKCS#11 2.40, those of 3.0 that we know, and two of vendors, given once by each function that lanes call, in a round of work that calls them all.
/// Faults are cured unseen. Other codes fail one call, with an error that is clear, and never one that is answered wrong.
/// </summary>
[Collection(TokenTests.Name)]
public sealed class FaultTableTests(TokenFixture token) : IAsyncLifetime
{
    private static readonly CKR[] AllCodes =
        [.. Enum.GetValues<CKR>().Distinct().Where(code => code != CKR.CKR_OK), (CKR)0x42, (CKR)0x201, (CKR)0x202, (CKR)0x8000_0001, (CKR)0xFFFF_FFFF];

    private readonly TwinTokens _twins = token.Twins;
    private HsmKey? _rsa;
    private byte[] _rsaCiphertext = [];

    public static TheoryData<Pkcs11Function> Functions => [.. Enum.GetValues<Pkcs11Function>()];

    private Shim Shim => _twins.Shims[0];

    [Theory, MemberData(nameof(Functions))]
    public async Task One_failure_of_a_function_is_cured_or_clear(Pkcs11Function function)
    {
        foreach (var code in AllCodes)
        {
            await using var fixture = new LanesFixture(_twins, _twins.One[0]);
            // A session is only closed when it breaks.
            if (function == Pkcs11Function.C_CloseSession) Shim.Order(Pkcs11Function.C_EncryptInit, CKR.CKR_SESSION_CLOSED, order: 1);
            var before = Shim.Faults;
            Shim.Order(function, code);
            var failures = await Work(fixture);
            Assert.True(Shim.Faults > before, $"{function} was not called.");
            Assert.True(IsExpected(function, code, failures), $"{function} with {code}: {string.Join(", ", failures.Select(failure => $"{failure.GetType().Name} {(failure as KmsException)?.Code} {failure.Message}"))}");
            if (function == Pkcs11Function.C_Login && TokenFaults.IsRefusedPin(code)) File.SetLastWriteTimeUtc(_twins.One[0].PinFile, DateTime.UnixEpoch.AddSeconds((uint)code));
            await Until.Succeeds(() => fixture.Seal([1]));
            Assert.Equal([1], await fixture.Open(await fixture.Seal([1])));
            Assert.Equal(1, Shim.Sessions);
        }
    }

    [Theory, MemberData(nameof(Functions))]
    public async Task A_function_that_always_fails_is_left_to_the_other_token(Pkcs11Function function)
    {
        // One code for each way in which a fault is met.
        foreach (var code in new[] { CKR.CKR_DEVICE_ERROR, CKR.CKR_GENERAL_ERROR, CKR.CKR_TOKEN_NOT_PRESENT, CKR.CKR_OPERATION_ACTIVE, CKR.CKR_BUFFER_TOO_SMALL, CKR.CKR_ARGUMENTS_BAD, CKR.CKR_VENDOR_DEFINED })
        {
            await using var fixture = new LanesFixture(_twins, _twins.Both);
            if (function == Pkcs11Function.C_CloseSession) Shim.Order(Pkcs11Function.C_EncryptInit, CKR.CKR_SESSION_CLOSED, order: 1, times: long.MaxValue);
            Shim.Order(function, code, times: long.MaxValue);
            var failures = await Work(fixture);
            Assert.True(failures.Count == 0, $"{function} with {code}: {string.Join(", ", failures.Select(failure => failure.Message))}");
        }
    }

    public async Task InitializeAsync()
    {
        _twins.Calm();
        await using var fixture = new LanesFixture(_twins, _twins.One[0]);
        var pair = await fixture.GeneratePair(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt);
        _rsa = new(Guid.NewGuid(), pair.Wrapped, KeySpec.Rsa2048, KeyUsage.EncryptDecrypt);
        _rsaCiphertext = PublicKeys.Encrypt(KeySpec.Rsa2048, pair.PublicKey, EncryptionAlgorithm.RsaesOaepSha1, [3]);
    }

    public Task DisposeAsync()
    {
        _twins.Calm();
        return Task.CompletedTask;
    }

    private static bool IsExpected(Pkcs11Function function, CKR code, List<Exception> failures)
    {
        if (failures.Count == 0) return TokenFaults.IsFault(code) || function is Pkcs11Function.C_DestroyObject or Pkcs11Function.C_CloseSession || IsHarmless(function, code);
        // Tokens lock after a few wrong PINs: this one is not tried again until its file is written anew.
        if (function == Pkcs11Function.C_Login && TokenFaults.IsRefusedPin(code)) return failures.All(failure => failure is KmsException { Code: KmsErrorCode.ServiceUnavailable });
        if (failures is not [var failure] || TokenFaults.IsFault(code)) return false;
        return failure switch
        {
            InvalidDataException => TokenFaults.IsBadData(code) && function is Pkcs11Function.C_Decrypt or Pkcs11Function.C_UnwrapKey,
            // What the token says of data when it is given data cannot be told from the truth.
            KmsException { Code: KmsErrorCode.InvalidParameter } => function == Pkcs11Function.C_Decrypt && TokenFaults.IsBadData(code),
            KmsException { Code: KmsErrorCode.InternalFailure } => true,
            _ => false,
        };
    }

    // Not logged in after all: no private object is found, for which the module is started anew. Attributes are asked for twice, their lengths first.
    private static bool IsHarmless(Pkcs11Function function, CKR code) =>
        (function == Pkcs11Function.C_Login && code == CKR.CKR_USER_ALREADY_LOGGED_IN)
        || (function == Pkcs11Function.C_GetAttributeValue && code is CKR.CKR_ATTRIBUTE_SENSITIVE or CKR.CKR_ATTRIBUTE_TYPE_INVALID);

    // Calls all functions. What is answered has to be right; gives the failures.
    private async Task<List<Exception>> Work(LanesFixture fixture)
    {
        var failures = new List<Exception>();
        byte[] plaintext = [1, 2, 3];
        if (await Try(() => fixture.Seal(plaintext)) is { } sealedBytes && await Try(() => fixture.Open(sealedBytes)) is { } opened) Assert.Equal(plaintext, opened);
        if (await Try(fixture.Generate) is { } wrapped)
        {
            var key = new HsmKey(Guid.NewGuid(), wrapped);
            if (await Try(() => fixture.Encrypt(key, plaintext)) is { } ciphertext && await Try(() => fixture.Decrypt(key, ciphertext)) is { } decrypted) Assert.Equal(plaintext, decrypted);
        }
        if (await Try(() => fixture.GeneratePair(KeySpec.EcP256, KeyUsage.SignVerify)) is { } pair)
        {
            var digest = RandomNumberGenerator.GetBytes(32);
            var key = new HsmKey(Guid.NewGuid(), pair.Wrapped, KeySpec.EcP256, KeyUsage.SignVerify);
            if (await Try(() => fixture.Sign(key, SigningAlgorithm.EcdsaSha256, digest)) is { } signature) Assert.True(PublicKeys.Verify(KeySpec.EcP256, pair.PublicKey, SigningAlgorithm.EcdsaSha256, digest, signature));
        }
        if (await Try(() => fixture.Decrypt(_rsa!, EncryptionAlgorithm.RsaesOaepSha1, _rsaCiphertext)) is { } open) Assert.Equal([3], open);
        return failures;

        async Task<T?> Try<T>(Func<Task<T>> call) where T : class
        {
            try { return await call(); }
            catch (Exception e) when (e is KmsException or InvalidDataException)
            {
                failures.Add(e);
                return null;
            }
        }
    }
}
