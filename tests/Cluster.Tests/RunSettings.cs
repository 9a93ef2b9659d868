using System.Globalization;
using System.Security.Cryptography;

namespace Orleans.Kms.Cluster.Tests;

/// <summary>How long and how hard a run is.</summary>
/// <param name="Time">How long faults go on; each happens once at least.</param>
/// <param name="Seed">What the callers do and which faults come follows from it, though not when.</param>
/// <param name="Callers">How many call at once.</param>
internal sealed record RunSettings(TimeSpan Time, ulong Seed, int Callers)
{
    /// <summary>How to call the program.</summary>
    public const string Usage = "usage: [--minutes N] [--seed N] [--callers N]";

    /// <summary>Each fault once.</summary>
    public static RunSettings Short => new(TimeSpan.Zero, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))), Callers: 12);

    /// <summary>Reads the command line; null if it cannot be understood.</summary>
    public static RunSettings? Parse(string[] args)
    {
        var settings = Short with { Time = TimeSpan.FromMinutes(10), Callers = 24 };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !uint.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return null;
            switch (args[i])
            {
                case "--minutes": settings = settings with { Time = TimeSpan.FromMinutes(value) }; break;
                case "--seed": settings = settings with { Seed = value }; break;
                case "--callers" when value is > 0 and <= 60: settings = settings with { Callers = (int)value }; break;
                default: return null;
            }
        }
        return settings;
    }
}
