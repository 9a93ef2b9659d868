using Orleans.Kms.Load;

// dotnet run --project bench/Load --configuration Release -- [--clients N] [--seconds N] [--rounds N] [--other NAME=VALUE]
if (args is ["bare", var port]) return await BareServer.Run(int.Parse(port, null));
var settings = LoadSettings.Parse(args);
if (settings is null)
{
    await Console.Error.WriteLineAsync("usage: Load [--clients N] [--seconds N] [--rounds N] [--other NAME=VALUE]");
    return 2;
}
await Run.All(settings);
return 0;
