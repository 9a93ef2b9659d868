using System.Buffers.Binary;
using System.Diagnostics;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;
using Xunit.Abstractions;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>A hundred thousand calls on two tokens that fail in 5 % of what they are asked for.</summary>
[Collection(TokenTests.Name)]
public sealed class ManyFaultsTests(TokenFixture token, ITestOutputHelper output)
{
    private const int Callers = 16;
    private const int CallsEach = 100_000 / Callers;

    // All but those that stop the token for good until an operator acts (the PIN), and those that call the data bad, which are told apart from the truth by nothing.
    private static readonly CKR[] Codes =
    [
        .. Enum.GetValues<CKR>().Distinct().Where(code => code != CKR.CKR_OK && !TokenFaults.IsRefusedPin(code) && !TokenFaults.IsBadData(code)), (CKR)0x8000_0001,
    ];

    [Fact]
    public async Task Nothing_is_answered_wrong_nothing_hangs_and_nothing_is_left()
    {
        var twins = token.Twins;
        twins.Calm();
        await using var fixture = new LanesFixture(twins, twins.Both);
        var keys = new List<HsmKey>();
        for (var i = 0; i < 20; i++) keys.Add(new(Guid.NewGuid(), await fixture.Generate()));
        await fixture.Lanes.Probe();

        for (var i = 0; i < twins.Shims.Length; i++) twins.Shims[i].Random(perMillion: 50_000, Codes, Enum.GetValues<Pkcs11Function>(), seed: 1 + i);
        var memory = Process.GetCurrentProcess().WorkingSet64;
        var watch = Stopwatch.StartNew();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Call(fixture, keys, caller))));
        var (answered, failed) = (outcomes.Sum(o => o.Answered), outcomes.Sum(o => o.Failed));
        var faults = twins.Shims.Sum(shim => shim.Faults);
        output.WriteLine($"{answered} answered, {failed} failed, {faults} faults, {watch.Elapsed.TotalSeconds:F1} s, {(Process.GetCurrentProcess().WorkingSet64 - memory) >> 20} MiB more");
        Assert.Equal(Callers * CallsEach, answered + failed);
        Assert.True(faults > answered / 20);
        Assert.True(answered > failed);

        twins.Calm();
        await Until.Succeeds(() => fixture.Seal([1]));
        // A session that would not close is closed when the next one is opened on its token.
        foreach (var one in twins.One)
        {
            await using var each = new LanesFixture(twins, one);
            await Until.Succeeds(() => each.Seal([1]));
        }
        for (var i = 0; i < keys.Count; i++) await fixture.Lanes.Forget(keys[i].KeyVersionId);
        // Whatever was cached was forgotten or died with its session: on each token that has a session there is one, with the service key in it.
        foreach (var shim in twins.Shims) await Until.True(() => Task.FromResult(shim.Sessions <= 1 && shim.Objects == shim.Sessions));
        Assert.True(Process.GetCurrentProcess().WorkingSet64 - memory < 400L << 20);
    }

    // The mix of a service in use. A call that fails has to say that it is for the service, not for the data.
    private static async Task<(int Answered, int Failed)> Call(LanesFixture fixture, List<HsmKey> keys, int caller)
    {
        var (answered, failed) = (0, 0);
        var plaintext = new byte[16];
        byte[]? ciphertext = null, sealedBytes = null;
        for (var i = 0; i < CallsEach; i++)
        {
            var key = keys[(caller + i / 4) % keys.Count];
            BinaryPrimitives.WriteInt32LittleEndian(plaintext, i / 4);
            BinaryPrimitives.WriteInt32LittleEndian(plaintext.AsSpan(4), caller);
            try
            {
                switch (i % 4)
                {
                    case 0: (ciphertext, sealedBytes) = (null, null); ciphertext = await fixture.Encrypt(key, [.. plaintext]); break;
                    case 1 when ciphertext is not null: Assert.Equal(plaintext, await fixture.Decrypt(key, ciphertext)); break;
                    case 2: sealedBytes = await fixture.Seal([.. plaintext]); break;
                    case 3 when sealedBytes is not null: Assert.Equal(plaintext, await fixture.Open(sealedBytes)); break;
                    default: Assert.Equal(40, (await fixture.Generate()).Bytes.Length); break;
                }
                if (i % 50 == 0) await fixture.Lanes.Forget(key.KeyVersionId);
                answered++;
            }
            catch (KmsException e) when (e.Code is KmsErrorCode.ServiceUnavailable or KmsErrorCode.InternalFailure) { failed++; }
        }
        return (answered, failed);
    }
}
