using System.Globalization;

namespace Orleans.Kms.Silo.Admin;

/// <summary>The options that a command was given.</summary>
internal sealed class AdminArguments
{
    private const string DefaultDataFolder = ".kms";

    private readonly Dictionary<string, List<string>> _values = [];

    /// <summary>The data folder, as given.</summary>
    public string DataFolder => Find(AdminOption.Data.Name) ?? DefaultDataFolder;

    /// <summary>Reads what follows the command's name.</summary>
    /// <exception cref="UsageException">An option is unknown, lacks its value, is missing or was given twice.</exception>
    public static AdminArguments Parse(AdminCommand command, IReadOnlyList<string> args)
    {
        var parsed = new AdminArguments();
        for (var i = 0; i < args.Count; i++)
        {
            var option = command.Options.Append(AdminOption.Data).FirstOrDefault(option => option.Name == args[i])
                ?? throw new UsageException($"{args[i]} is no option of {command.Name}; kms-admin {command.Name} --help lists them.");
            if (option.Value.Length > 0 && (++i == args.Count || args[i].Length == 0)) throw new UsageException($"{option.Name} lacks its value, {option.Value}.");
            if (!parsed._values.TryGetValue(option.Name, out var values)) parsed._values[option.Name] = values = [];
            else if (!option.IsRepeated) throw new UsageException($"{option.Name} was given twice.");
            values.Add(option.Value.Length > 0 ? args[i] : "");
        }
        return command.Options.FirstOrDefault(option => option.IsRequired && !parsed.Has(option.Name)) is { } missing
            ? throw new UsageException($"{command.Name} needs {missing.Usage}: {missing.Meaning}.")
            : parsed;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The option's value; null if it was not given.</summary>
    public string? Find(string name) => _values.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>The value of an option that the command requires.</summary>
    public string Text(string name) => Find(name) ?? throw new UsageException($"{name} is missing.");

    /// <summary>All values of an option that may be repeated.</summary>
    public IReadOnlyList<string> All(string name) => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>The value of a number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    /// <exception cref="UsageException">It is missing, or none.</exception>
    public int Number(string name, int least, int most) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{name} {Text(name)} is no number from {least} to {most}.");
}
