using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Tests.Ram;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Delivery;

namespace Orleans.Kms.Grains.Tests.Trail.Reading;

/// <summary>A silo without a token with a bucket, in which every test has an account of its own.</summary>
public sealed class ActionTrailFixture : IAsyncLifetime
{
    internal const string Bucket = "audit";

    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-trail-");
    private int _accounts;

    internal TestKms Kms { get; private set; } = null!;

    /// <summary>The folder of the bucket.</summary>
    internal string Folder { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Folder = System.IO.Directory.CreateDirectory(Path.Combine(_root.FullName, "bucket")).FullName;
        Kms = await Start(_root.FullName, options => options.Buckets = [new BucketOptions { Name = Bucket, Folder = Folder }]);
    }

    public async Task DisposeAsync()
    {
        await Kms.DisposeAsync();
        _root.Delete(recursive: true);
    }

    /// <summary>A new account with a root access key.</summary>
    internal async Task<TrailAccount> NewAccount()
    {
        var ram = await RamAccount.Open(Kms, string.Create(CultureInfo.InvariantCulture, $"30000000{Interlocked.Increment(ref _accounts):D8}"));
        return new(Kms, ram.Id);
    }

    /// <summary>Starts a silo on a folder. Events wait for their delivery for a second, and nobody looks for them but the tests: these move the clock, by which a bucket's patience ends.</summary>
    internal static Task<TestKms> Start(string folder, Action<TrailOptions> configure, short silos = 1)
    {
        var keys = Path.Combine(folder, "root.keys");
        var options = new KmsOptions { RootKeyFile = keys, Regions = [new() { Id = "local-1" }, new() { Id = "far-1" }], Trail = { DeliverySeconds = 1, LookupsPerSecond = 10_000 } };
        configure(options.Trail);
        return TestKms.Start(null!, Path.Combine(folder, "data"), Configure, rootKeyFile: keys, hsm: new(), silos: silos);

        void Configure(ISiloBuilder silo)
        {
            silo.Services.AddSingleton(Options.Create(options));
            silo.Services.Remove(silo.Services.Single(service => service.ImplementationType == typeof(DeliverySweep)));
        }
    }
}
