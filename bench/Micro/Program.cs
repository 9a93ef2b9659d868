using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Orleans.Kms.Micro;

// dotnet run --project bench/Micro --configuration Release -- --filter '*'
// In this process: a project of BenchmarkDotNet's own would not be a friend of the service's assemblies.
if (args is ["trail", ..]) await TrailScale.Run(args);
else BenchmarkSwitcher.FromAssembly(typeof(EnvelopeBenchmarks).Assembly)
    .Run(args, DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
