using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Import;

/// <summary>
/// Makes wrapping keys. An RSA pair takes a tenth of a second, often more: some are made ahead, once the service has settled down or somebody wants one. What is asked for beyond
/// them is made while its caller waits.
/// </summary>
internal sealed partial class WrappingPairs(HsmWorkers workers, TokenCapabilities token, TimeProvider clock, ILogger<WrappingPairs> logger) : BackgroundService
{
    // A script that imports several keys asks for them one after the other.
    private const int Ahead = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<WrappingPair> _inMemory = Channel.CreateBounded<WrappingPair>(Ahead);
    private readonly Channel<WrappingPair> _inToken = Channel.CreateBounded<WrappingPair>(Ahead);
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets pairs be made ahead from now on: somebody is about to import.</summary>
    public void Expect() => _wanted.TrySetResult();

    /// <summary>Gives a pair that nobody else gets.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.Throttled"/> or <see cref="KmsErrorCode.ServiceUnavailable"/>: none is left, and none can be made now.</exception>
    public async Task<WrappingPair> Take(UnwrappingPlace place, KeySpec spec)
    {
        if (spec == KeySpec.EcSm2) return await MakeInMemory(spec);
        Expect();
        return Made(place).Reader.TryRead(out var pair) ? pair : await Make(place);
    }

    /// <summary>Drops the pairs of the token that nobody took: they are wrapped under a root key that is on its way out. Others are made in their place.</summary>
    public void RenewInToken()
    {
        while (_inToken.Reader.TryRead(out _)) { }
    }

    /// <summary>How many pairs wait to be taken.</summary>
    public int Count(UnwrappingPlace place) => Made(place).Reader.Count;

    /// <summary>Stops, and wipes what nobody took.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (_inMemory.Reader.TryRead(out var pair)) CryptographicOperations.ZeroMemory(pair.PrivateKey);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try { await _wanted.Task.WaitAsync(Patience, clock, stoppingToken); }
        catch (TimeoutException) { }
        await Task.WhenAll(KeepFull(UnwrappingPlace.Memory, stoppingToken), token.Offers(KeySpec.Rsa2048) ? KeepFull(UnwrappingPlace.Token, stoppingToken) : Task.CompletedTask);
    }

    private async Task KeepFull(UnwrappingPlace place, CancellationToken stoppingToken)
    {
        while (await Made(place).Writer.WaitToWriteAsync(stoppingToken))
        {
            try
            {
                // There is one writer, so there is room.
                Made(place).Writer.TryWrite(await Make(place));
            }
            // Whatever it is: a failure that left this loop would end the whole process.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotMade(logger, place, e.Message);
                await Task.Delay(Patience, clock, stoppingToken);
            }
        }
    }

    private Channel<WrappingPair> Made(UnwrappingPlace place) => place == UnwrappingPlace.Token ? _inToken : _inMemory;

    private async Task<WrappingPair> Make(UnwrappingPlace place)
    {
        if (place == UnwrappingPlace.Memory) return await MakeInMemory(KeySpec.Rsa2048);
        var pair = await workers.PairMaker(Guid.Empty, KeySpec.Rsa2048).GenerateKeyPair(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt);
        return new(pair.PublicKey, StoredMaterial.Content(pair.Wrapped));
    }

    private static async Task<WrappingPair> MakeInMemory(KeySpec spec)
    {
        var pair = await SoftwareKeyPair.Generate(spec);
        return new(pair.PublicKey, pair.Pkcs8);
    }

    [LoggerMessage(1, LogLevel.Warning, "No wrapping key could be made ahead ({Place}); it is tried again: {Reason}")]
    private static partial void LogNotMade(ILogger logger, UnwrappingPlace place, string reason);
}
