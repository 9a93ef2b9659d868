using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

/// <summary>A silo without a token, in which every test has an account of its own.</summary>
public sealed class RamFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-ram-");

    private int _accounts;

    internal TestKms Kms { get; private set; } = null!;

    public async Task InitializeAsync() => Kms = await Start(_root.FullName);

    public async Task DisposeAsync()
    {
        await Kms.DisposeAsync();
        _root.Delete(recursive: true);
    }

    /// <summary>A new account with a root access key.</summary>
    internal Task<RamAccount> NewAccount() => RamAccount.Open(Kms, string.Create(CultureInfo.InvariantCulture, $"20000000{Interlocked.Increment(ref _accounts):D8}"));

    /// <summary>Starts a silo on a folder, with other limits if there are any.</summary>
    internal static Task<TestKms> Start(string folder, Action<RamOptions>? limits = null)
    {
        var keys = Path.Combine(folder, "root.keys");
        var options = new KmsOptions { RootKeyFile = keys };
        limits?.Invoke(options.Ram);
        return TestKms.Start(null!, Path.Combine(folder, "data"), silo => silo.Services.AddSingleton(Options.Create(options)), rootKeyFile: keys, hsm: new());
    }
}
