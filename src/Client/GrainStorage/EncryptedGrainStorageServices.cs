using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Kms.Client.Envelope;
using Orleans.Providers;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Orleans.Kms.Client.GrainStorage;

/// <summary>Makes encrypted grain storage a service of a silo.</summary>
public static class EncryptedGrainStorageServices
{
    /// <summary>
    /// Adds grain storage that seals the state of this application's grains under a CMK and keeps it in another storage. Needs <see cref="KmsClientServices.AddKmsClient(IServiceCollection, Action{KmsClientOptions})"/>.
    /// The state is serialized by the <see cref="IGrainStorageSerializer"/> that is registered under <paramref name="name"/>, or by the silo's own.
    /// </summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="name">What grains name the storage.</param>
    /// <param name="innerName">The name of the storage behind it, which is added as ever.</param>
    /// <param name="configure">The CMK, and how long and often data keys are used.</param>
    public static IServiceCollection AddEncryptedGrainStorage(this IServiceCollection services, string name, string innerName, Action<EnvelopeOptions> configure)
    {
        if (name == innerName) throw new ArgumentException("The storage behind needs a name of its own.", nameof(innerName));
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => Make(provider, name, innerName, configure));
        if (name == ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME) services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IGrainStorage>(name));
        return services;
    }

    private static EncryptedGrainStorage Make(IServiceProvider provider, string name, string innerName, Action<EnvelopeOptions> configure)
    {
        var options = new EnvelopeOptions();
        configure(options);
        return new(
            provider.GetRequiredKeyedService<IGrainStorage>(innerName),
            provider.GetKeyedService<IGrainStorageSerializer>(name) ?? provider.GetRequiredService<IGrainStorageSerializer>(),
            provider.GetRequiredService<KmsClient>().Envelope(options),
            provider.GetRequiredService<IActivatorProvider>(),
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId);
    }
}
