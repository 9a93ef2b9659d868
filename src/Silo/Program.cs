using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Admin;

try
{
    if (args is ["--help"])
    {
        Console.WriteLine(Arguments.Usage);
        return 0;
    }
    if (args is ["admin", .. var command]) return await AdminProgram.Run(command);
    return await Service.Run(Arguments.Parse(args));
}
catch (Exception e) when (e is StartupException or HsmSetupException or OptionsValidationException)
{
    return await CannotStart(e.Message);
}
// The service itself refuses a call of the start.
catch (KmsException e)
{
    return await CannotStart($"{e.Message} Look at the log lines before this one, and at token and disk.");
}
// What the system refuses, wherever in the start it is met.
catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
{
    return await CannotStart($"{e.Message} Look at the data folder's owner, permissions and disk, and at the database.");
}

static async Task<int> CannotStart(string reason)
{
    await Console.Error.WriteLineAsync($"Orleans.Kms cannot start: {reason.ReplaceLineEndings(" ")}");
    return 1;
}
