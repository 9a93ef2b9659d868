using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Grains.Tests.Setup;

/// <summary>Databases of older versions of the program.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-schema-");

    private string Path => System.IO.Path.Combine(_root.FullName, "kms.db");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void A_database_of_an_older_schema_is_brought_up_to_date_and_keeps_what_it_holds(int version)
    {
        new SqliteFile(Path, "Kms", version).EnsureSchema();
        Execute("INSERT INTO kms_secret (name, root_key_version, value) VALUES ('service-key', 1, x'00')");
        Newest().EnsureSchema();
        Newest().EnsureSchema();
        Assert.Equal(1L, Execute("SELECT COUNT(*) FROM kms_secret WHERE name = 'service-key'"));
        Assert.Equal((long)Newest().SchemaVersion, Execute("PRAGMA user_version"));
        Assert.Equal(0L, Execute("SELECT COUNT(*) FROM kms_ram_user"));
        Assert.Equal(0L, Execute("SELECT COUNT(*) FROM kms_trail"));
        Assert.Equal(Tables(Path), Tables(New()));
    }

    [Fact]
    public void A_database_of_a_newer_schema_is_refused()
    {
        Newest().EnsureSchema();
        Execute($"PRAGMA user_version = {Newest().SchemaVersion + 1}");
        Assert.Contains("newer version", Assert.Throws<StartupException>(() => Newest().EnsureSchema()).Message, StringComparison.Ordinal);
    }

    private SqliteFile Newest()
    {
        using var folder = DataFolder.Open(_root.FullName);
        return folder.Kms;
    }

    private string New()
    {
        var path = System.IO.Path.Combine(_root.FullName, "new.db");
        new SqliteFile(path, "Kms", Newest().SchemaVersion).EnsureSchema();
        return path;
    }

    private object? Execute(string sql)
    {
        using var connection = Newest().DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql(sql).ExecuteScalar();
    }

    private static List<string> Tables(string path)
    {
        using var connection = new SqliteFile(path, "Kms", 1).DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql("SELECT name || ' ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY name").Rows(reader => reader.GetString(0));
    }
}
