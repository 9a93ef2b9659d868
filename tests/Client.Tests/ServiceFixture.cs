using Orleans.Kms.Errors;

namespace Orleans.Kms.Client.Tests;

/// <summary>Tests that share a service and make their own keys, users and clients.</summary>
[CollectionDefinition(Name)]
public sealed class ServiceTests : ICollectionFixture<ServiceFixture>
{
    public const string Name = "service";
}

/// <summary>One service for many tests.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    internal KmsClient Root { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Service = await TestService.Start();
        Root = Service.Client();
    }

    public async Task DisposeAsync()
    {
        await Root.DisposeAsync();
        await Service.DisposeAsync();
    }

    internal static async Task AssertFails(KmsErrorCode expected, Func<Task> call) => Assert.Equal(expected, (await Assert.ThrowsAsync<KmsException>(call)).Code);
}
