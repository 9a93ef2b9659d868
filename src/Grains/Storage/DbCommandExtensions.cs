using System.Data.Common;

namespace Orleans.Kms.Grains.Storage;

/// <summary>Parameters for plain ADO.NET commands.</summary>
internal static class DbCommandExtensions
{
    /// <summary>Sets the statement; parameters are named <c>@name</c> in it.</summary>
    public static DbCommand Sql(this DbCommand command, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        command.CommandText = text;
        command.Parameters.Clear();
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
