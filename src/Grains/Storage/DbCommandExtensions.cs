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

    /// <summary>All rows of the statement.</summary>
    public static List<T> Rows<T>(this DbCommand command, Func<DbDataReader, T> row)
    {
        var rows = new List<T>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }

    /// <summary>The first row of the statement; null if there is none.</summary>
    public static T? FirstRow<T>(this DbCommand command, Func<DbDataReader, T> row) where T : class
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? row(reader) : null;
    }

    /// <summary>The number that the statement gives.</summary>
    public static int Number(this DbCommand command) => Convert.ToInt32(command.ExecuteScalar(), null);

    /// <summary>A time that is stored in milliseconds since 1970.</summary>
    public static DateTimeOffset Time(this DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
}
