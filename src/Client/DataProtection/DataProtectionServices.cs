using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Client.Envelope;

namespace Orleans.Kms.Client.DataProtection;

/// <summary>Lets ASP.NET Core Data Protection keep its keys under a CMK.</summary>
public static class DataProtectionServices
{
    /// <summary>
    /// Encrypts the keys of the key ring under a CMK, wherever they are stored. Needs <see cref="KmsClientServices.AddKmsClient(IServiceCollection, Action{KmsClientOptions})"/>.
    /// </summary>
    /// <param name="builder">What AddDataProtection gave.</param>
    /// <param name="configure">The CMK, and how long and often data keys are used.</param>
    public static IDataProtectionBuilder ProtectKeysWithKms(this IDataProtectionBuilder builder, Action<EnvelopeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(provider =>
        {
            var options = new EnvelopeOptions();
            configure(options);
            return new KeyRingEnvelope(provider.GetRequiredService<KmsClient>(), options);
        });
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlEncryptor = new KmsXmlEncryptor(provider.GetRequiredService<KeyRingEnvelope>())));
        return builder;
    }
}
