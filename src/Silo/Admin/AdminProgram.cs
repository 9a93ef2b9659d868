using System.Runtime.InteropServices;
using System.Data.Common;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo.Admin.Trail;

namespace Orleans.Kms.Silo.Admin;

/// <summary>kms-admin: what operators do to a service, beside it or while it does not run.</summary>
internal static class AdminProgram
{
    private const int Failed = 1;
    private const int Misused = 2;

    /// <summary>In the order of the list.</summary>
    public static AdminCommand[] Commands { get; } =
    [
        InitToken.Command, TokenInfo.Command,
        AddRootKey.Command, ImportRootKey.Command, ExportRootKey.Command, Rewrap.Command, RetireRootKey.Command,
        AddAccount.Command, DatabaseMigrate.Command, Verify.Command, Backup.Command, Restore.Command, Records.Command, Explain.Command,
        TrailVerify.Command, TrailCheckpoints.Command, TrailPublicKey.Command, TrailProof.Command, TrailVerifyProof.Command,
    ];

    /// <summary>Runs a command.</summary>
    /// <returns>The exit code: 0 done, 1 failed or refused, 2 not understood.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args)
    {
        if (args is ["--help"] or ["help"])
        {
            Console.WriteLine(Usage);
            return 0;
        }
        try
        {
            return await RunCommand(args);
        }
        catch (UsageException e)
        {
            await Fail(e.Message);
            return Misused;
        }
        catch (OperationCanceledException)
        {
            await Fail("interrupted; what was done is kept, and the command can be run again.");
        }
        catch (Exception e) when (e is StartupException or HsmSetupException or KmsException or IOException or UnauthorizedAccessException or DbException or InvalidDataException)
        {
            await Fail(e.Message);
        }
        catch (Pkcs11Exception e)
        {
            await Fail($"The token failed ({e.Method}: {e.RV}); look at token and module, then run this again.");
        }
        return Failed;
    }

    private static string Usage => string.Join('\n', [
        "usage: kms-admin COMMAND [OPTION]...   (kms-admin COMMAND --help tells its options)",
        .. Commands.Select(command => $"  {command.Name,-18} {command.Summary}"),
    ]);

    private static async Task<int> RunCommand(IReadOnlyList<string> args)
    {
        if (args.Count == 0) throw new UsageException("which command? kms-admin --help lists them.");
        var family = Array.FindAll(Commands, command => command.Name.StartsWith(args[0] + ' ', StringComparison.Ordinal));
        if (family.Length > 0 && args.Count == 1) throw new UsageException($"which command of {args[0]}? kms-admin {args[0]} --help lists them.");
        if (family.Length > 0 && args[1] == "--help")
        {
            Console.WriteLine(string.Join("\n\n", family.Select(command => command.Usage)));
            return 0;
        }
        var name = family.Length > 0 ? $"{args[0]} {args[1]}" : args[0];
        var command = Array.Find(Commands, command => command.Name == name) ?? throw new UsageException($"{name} is no command; kms-admin --help lists them.");
        if (args.Contains("--help"))
        {
            Console.WriteLine(command.Usage);
            return 0;
        }
        var arguments = AdminArguments.Parse(command, [.. args.Skip(family.Length > 0 ? 2 : 1)]);
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Interrupt(signal, interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Interrupt(signal, interrupted));
        // The configuration of the service, from the same files and variables.
        var configuration = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }).Configuration;
        configuration.AddEnvironmentVariables();
        var settings = Settings.Read(configuration, Silo.Arguments.Parse(["--data", arguments.DataFolder]));
        return await command.Run(new(arguments, settings, Console.Out, interrupted.Token));
    }

    private static void Interrupt(PosixSignalContext signal, CancellationTokenSource interrupted)
    {
        // The second one ends the process: the first ends nothing that hangs in a token.
        signal.Cancel = !interrupted.IsCancellationRequested;
        interrupted.Cancel();
    }

    private static Task Fail(string reason) => Console.Error.WriteLineAsync($"kms-admin: {reason.ReplaceLineEndings(" ")}");
}
