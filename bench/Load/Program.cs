using Orleans.Kms.Load;

// dotnet run --project bench/Load --configuration Release -- [cluster] [--clients N] [--seconds N] [--rounds N] [--other NAME=VALUE]
if (args is ["bare", var port]) return await BareServer.Run(int.Parse(port, null));
var ofClusters = args is ["cluster", ..];
var settings = LoadSettings.Parse(ofClusters ? args[1..] : args);
if (settings is null)
{
    await Console.Error.WriteLineAsync("usage: Load [cluster] [--clients N] [--seconds N] [--rounds N] [--other NAME=VALUE]");
    return 2;
}
await (ofClusters ? ClusterRun.All(settings) : Run.All(settings));
return 0;
