using Orleans.Kms.Silo.Admin;

namespace Orleans.Kms.Grains.Tests.Admin;

public sealed class AdminArgumentsTests
{
    private static readonly AdminCommand Command = new(
        "try", "tries", [new("--need", "X", "needed", IsRequired: true), new("--many", "Y", "many", IsRepeated: true), new("--flag", "", "flag")], _ => Task.FromResult(0));

    [Fact]
    public void Options_are_read_in_any_order()
    {
        var arguments = AdminArguments.Parse(Command, ["--flag", "--many", "a", "--data", "d", "--need", "7", "--many", "b"]);
        Assert.Equal(("d", "7", true), (arguments.DataFolder, arguments.Text("--need"), arguments.Has("--flag")));
        Assert.Equal(["a", "b"], arguments.All("--many"));
        Assert.Equal(7, arguments.Number("--need", 7, 7));
    }

    [Fact]
    public void Without_a_data_folder_it_is_the_usual_one() => Assert.Equal(".kms", AdminArguments.Parse(Command, ["--need", "x"]).DataFolder);

    [Theory]
    [InlineData("--need"), InlineData("--need", ""), InlineData("--flag"), InlineData("--need", "x", "--need", "y"), InlineData("--need", "x", "--flag", "--flag"), InlineData("--need", "x", "y")]
    [InlineData("--need", "x", "--other", "y"), InlineData("x"), InlineData("--need", "x", "--Flag")]
    public void What_is_no_command_line_is_refused(params string[] args) => Assert.Throws<UsageException>(() => AdminArguments.Parse(Command, args));

    [Theory, InlineData("2"), InlineData("6"), InlineData("-3"), InlineData(" 4"), InlineData("4.0"), InlineData("four"), InlineData("99999999999")]
    public void Numbers_out_of_range_are_refused(string value) => Assert.Throws<UsageException>(() => AdminArguments.Parse(Command, ["--need", value]).Number("--need", 3, 5));

    [Fact]
    public void Every_command_tells_its_options()
    {
        Assert.Equal(AdminProgram.Commands.Length, AdminProgram.Commands.Select(command => command.Name).Distinct().Count());
        foreach (var command in AdminProgram.Commands)
        {
            Assert.StartsWith($"usage: kms-admin {command.Name} ", command.Usage, StringComparison.Ordinal);
            Assert.All(command.Options, option => Assert.Contains($"  {option.Name}", command.Usage, StringComparison.Ordinal));
        }
    }
}
