using BenchmarkDotNet.Running;

// dotnet run --project bench/Micro --configuration Release -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
