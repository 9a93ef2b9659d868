using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo;

try
{
    return await Service.Run(Arguments.Parse(args));
}
catch (Exception e) when (e is StartupException or HsmSetupException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync($"Orleans.Kms cannot start: {e.Message}");
    return 1;
}
