using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Kms.Client;

/// <summary>Makes <see cref="KmsClient"/> a service of the application.</summary>
public static class KmsClientServices
{
    /// <summary>Adds the client. It registers no Orleans client: the application's own cluster is not touched.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; wrong ones stop the application at its start.</param>
    public static IServiceCollection AddKmsClient(this IServiceCollection services, Action<KmsClientOptions> configure)
    {
        services.AddChecked(Options.DefaultName, configure);
        services.TryAddSingleton(provider => Make(provider, Options.DefaultName));
        return services;
    }

    /// <summary>Adds a client as a keyed service, for applications that call with several credentials: each has its own connection, and tokens never meet.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The service's key.</param>
    /// <param name="configure">Sets the options; wrong ones stop the application at its start.</param>
    public static IServiceCollection AddKmsClient(this IServiceCollection services, string name, Action<KmsClientOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.AddChecked(name, configure);
        services.TryAddKeyedSingleton(name, (provider, _) => Make(provider, name));
        return services;
    }

    private static void AddChecked(this IServiceCollection services, string name, Action<KmsClientOptions> configure)
    {
        services.AddLogging();
        services.AddOptions<KmsClientOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KmsClientOptions>, Check>());
    }

    private static KmsClient Make(IServiceProvider provider, string name) => new(
        provider.GetRequiredService<IOptionsMonitor<KmsClientOptions>>().Get(name), provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetRequiredService<ILoggerFactory>());

    private sealed class Check : IValidateOptions<KmsClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, KmsClientOptions options) =>
            options.Faults().ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults.Select(fault => $"Orleans.Kms.Client: {fault}.")) : ValidateOptionsResult.Success;
    }
}
