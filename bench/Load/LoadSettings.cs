namespace Orleans.Kms.Load;

/// <summary>How much load, and for how long.</summary>
/// <param name="Clients">Connections, each with one request at a time.</param>
/// <param name="Seconds">The length of one measurement.</param>
/// <param name="Rounds">How often everything is measured; the medians count.</param>
/// <param name="Other">The setting by which the second service differs, as an environment variable, <c>NAME=VALUE</c>.</param>
internal sealed record LoadSettings(int Clients = 32, int Seconds = 4, int Rounds = 3, string Other = LoadSettings.WithoutTrail)
{
    /// <summary>The second service records nothing.</summary>
    public const string WithoutTrail = "Kms__Trail__Enabled=false";

    public static LoadSettings? Parse(string[] args)
    {
        var settings = new LoadSettings();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) return null;
            if (args[i] == "--other" && args[i + 1].Contains('=', StringComparison.Ordinal))
            {
                settings = settings with { Other = args[i + 1] };
                continue;
            }
            if (!int.TryParse(args[i + 1], out var value) || value is < 1 or > 1000) return null;
            switch (args[i])
            {
                case "--clients": settings = settings with { Clients = value }; break;
                case "--seconds": settings = settings with { Seconds = value }; break;
                case "--rounds": settings = settings with { Rounds = value }; break;
                default: return null;
            }
        }
        return settings;
    }
}
