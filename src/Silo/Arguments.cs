using System.Globalization;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo;

/// <summary>The command line of the service.</summary>
/// <param name="Port">Where HTTP listens, or null for the setting.</param>
/// <param name="DataFolder">The data folder, as given.</param>
/// <param name="AccountIds">Accounts to have, 16 digits each; the first one is the one of <c>credentials.json</c>.</param>
internal sealed record Arguments(int? Port, string DataFolder, IReadOnlyList<string> AccountIds)
{
    /// <summary>How to call the program.</summary>
    public const string Usage = "usage: [--port N] [--data DIR] [--account ID]...";

    private const string DefaultDataFolder = ".kms";
    private const int AccountIdLength = 16;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="StartupException">An argument is unknown or malformed.</exception>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        var parsed = new Arguments(null, DefaultDataFolder, []);
        var accounts = new List<string>();
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count && args[i + 1].Length > 0 ? args[i + 1] : throw new StartupException($"{args[i]} lacks a value; {Usage}");
            switch (args[i])
            {
                case "--port": parsed = parsed with { Port = ParsePort(value) }; break;
                case "--data": parsed = parsed with { DataFolder = value }; break;
                case "--account": accounts.Add(CheckAccount(value)); break;
                default: throw new StartupException($"{args[i]} is unknown; {Usage}");
            }
        }
        return parsed with { AccountIds = [.. accounts.Distinct()] };
    }

    private static int ParsePort(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw new StartupException($"--port {value} is no port; give a number from 1 to 65535.");

    /// <summary>An account's id; that of the service itself is nobody's.</summary>
    /// <exception cref="StartupException">It is none.</exception>
    public static string CheckAccount(string value) =>
        value.Length == AccountIdLength && value.All(char.IsAsciiDigit) && value != TrailKey.AccountId
            ? value
            : throw new StartupException($"--account {value} is no account id; give {AccountIdLength} digits, not all of them 0.");
}
