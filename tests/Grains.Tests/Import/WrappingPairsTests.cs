using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Import;
using Orleans.Kms.Grains.Tests.Hsm;

namespace Orleans.Kms.Grains.Tests.Import;

[Collection(TokenTests.Name)]
public sealed class WrappingPairsTests(TokenFixture token)
{
    private const int Ahead = 4;

    // An exception that leaves a background service stops the process. The first is what a token gives whose pairs do not fit together.
    public static TheoryData<string> Failures => [nameof(CryptographicException), nameof(KmsException), nameof(InvalidOperationException), nameof(TimeoutException)];

    [Theory, MemberData(nameof(Failures))]
    public async Task A_pair_that_cannot_be_made_is_tried_again_later(string failure)
    {
        await using var kms = await TestKms.Start(token, token.NewFolder());
        var maker = DispatchProxy.Create<IHsmKeyPairGrain, Maker>();
        ((Maker)(object)maker).Failure = failure;
        var factory = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)(object)factory).Maker = maker;
        var clock = new FakeTimeProvider();
        var workers = new HsmWorkers(factory, kms.Services.GetRequiredService<SiloPass>(), Options.Create(token.Options));
        using var pairs = new WrappingPairs(workers, kms.Services.GetRequiredService<TokenCapabilities>(), clock, NullLogger<WrappingPairs>.Instance);
        await pairs.StartAsync(CancellationToken.None);
        pairs.Expect();
        await Until.True(() => Task.FromResult(((Maker)(object)maker).Calls > 0));
        Assert.Equal((1, 0), (((Maker)(object)maker).Calls, pairs.Count(UnwrappingPlace.Token)));
        await Until.True(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(pairs.Count(UnwrappingPlace.Token) == Ahead);
        });
        Assert.False(pairs.ExecuteTask!.IsCompleted);
        await pairs.StopAsync(CancellationToken.None);
        Assert.Equal(0, pairs.Count(UnwrappingPlace.Memory));
    }

    /// <summary>Fails the first call, and gives pairs afterwards.</summary>
    public class Maker : DispatchProxy
    {
        private int _calls;

        public string Failure { get; set; } = "";

        public int Calls => Volatile.Read(ref _calls);

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => Interlocked.Increment(ref _calls) > 1
            ? new ValueTask<NewKeyPair>(new NewKeyPair(new WrappedKey(1, [1]), [2]))
            : throw (Failure switch
            {
                nameof(CryptographicException) => new CryptographicException(),
                nameof(KmsException) => new KmsException(KmsErrorCode.Throttled),
                nameof(TimeoutException) => new TimeoutException(),
                _ => new InvalidOperationException(),
            });
    }

    /// <summary>Knows one grain.</summary>
    public class Factory : DispatchProxy
    {
        public object? Maker { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Maker;
    }
}
