namespace Orleans.Kms.Silo.Admin;

/// <summary>One command of kms-admin.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="Summary">One line for the list of commands.</param>
/// <param name="Options">Its options but <c>--data</c>, which all have.</param>
/// <param name="Run">Does it; gives the exit code: 0 done, 1 not.</param>
internal sealed record AdminCommand(string Name, string Summary, AdminOption[] Options, Func<AdminContext, Task<int>> Run)
{
    /// <summary>How to call it.</summary>
    public string Usage => string.Join('\n', [
        $"usage: kms-admin {Name} {string.Join(' ', Options.Select(option => option.Usage))} [--data DIR]".Replace("  ", " ", StringComparison.Ordinal),
        Summary,
        .. Options.Append(AdminOption.Data).Select(option => $"  {(option.Value.Length > 0 ? $"{option.Name} {option.Value}" : option.Name),-24} {option.Meaning}"),
    ]);
}

/// <summary>An option of a command.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What follows it, for the usage; empty if nothing does.</param>
/// <param name="Meaning">One line.</param>
/// <param name="IsRequired">Whether the command needs it.</param>
/// <param name="IsRepeated">Whether it may be given more than once.</param>
internal sealed record AdminOption(string Name, string Value, string Meaning, bool IsRequired = false, bool IsRepeated = false)
{
    /// <summary>Which data folder; an option of all commands.</summary>
    public static AdminOption Data { get; } = new("--data", "DIR", "the data folder; .kms if not given");

    /// <summary>What is typed to confirm; an option of all commands that cannot be undone.</summary>
    public static AdminOption Confirm { get; } = new("--confirm", "TEXT", "confirms what cannot be undone; the command says which text, and asks for it if it is not given");

    /// <summary>The option as a usage line shows it.</summary>
    public string Usage
    {
        get
        {
            var text = Value.Length > 0 ? $"{Name} {Value}" : Name;
            return (IsRequired ? text : $"[{text}]") + (IsRepeated ? "..." : "");
        }
    }
}
