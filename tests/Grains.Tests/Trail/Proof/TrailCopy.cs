using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Admin;
using Orleans.Kms.Silo.Admin.Trail;

namespace Orleans.Kms.Grains.Tests.Trail.Proof;

/// <summary>A copy of a data folder, as one has it who can write the database and nothing else.</summary>
internal sealed class TrailCopy
{
    private readonly string _folder;
    private readonly HsmOptions _hsm;

    /// <param name="from">The data folder, of a silo that has ended.</param>
    /// <param name="to">A folder that is empty.</param>
    /// <param name="hsm">The token.</param>
    public TrailCopy(string from, string to, HsmOptions hsm)
    {
        (_folder, _hsm) = (to, hsm);
        SqliteConnection.ClearAllPools();
        foreach (var file in System.IO.Directory.GetFiles(from, "*.db*")) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>Runs SQL on the trail; gives how many rows it was about.</summary>
    public int Sql(string sql, params ReadOnlySpan<(string, object)> parameters)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        return command.Sql(sql, parameters).ExecuteNonQuery();
    }

    /// <summary>The blocks of a chain.</summary>
    public List<TrailBlock> Blocks(int chain = 1)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        return command.Sql($"SELECT {TrailBlock.Columns} FROM kms_trail_block WHERE chain = @chain ORDER BY number", ("@chain", chain)).Rows(TrailBlock.Read);
    }

    /// <summary>Changes the events of a block, and works out its hash and those of all that follow, as somebody does who knows the format.</summary>
    public void Rewrite(long number, Func<byte[][], byte[][]> change)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        var chainId = Guid.Parse((string)command.Sql("SELECT chain_id FROM kms_trail_chain WHERE chain = 1").ExecuteScalar()!);
        var (previous, first) = (TrailBlockHeader.NoPrevious.ToArray(), 1L);
        foreach (var block in Blocks())
        {
            var events = block.Events().Select(e => e.ToArray()).ToArray();
            if (block.Number == number) events = change(events);
            var root = MerkleTree.Root([.. events.SelectMany(e => MerkleTree.HashLeaf((ReadOnlySpan<byte>)e))]).ToArray();
            var hash = new TrailBlockHeader(chainId, block.Number, first, events.Length, block.WrittenAt, previous, root).Hash();
            command.Sql("UPDATE kms_trail_block SET first_event = @first, events = @events, body = @body, root = @root, previous = @previous, hash = @hash WHERE chain = 1 AND number = @number",
                ("@first", first), ("@events", events.Length), ("@body", events.SelectMany(e => e.Append((byte)'\n')).ToArray()), ("@root", root), ("@previous", previous), ("@hash", hash),
                ("@number", block.Number)).ExecuteNonQuery();
            (previous, first) = (hash, first + events.Length);
        }
    }

    /// <summary>Verifies the copy as kms-admin does; gives what it says.</summary>
    public string Verify(int retentionDays = 3650, params string[] options) => Run(TrailVerify.Command, retentionDays, options);

    /// <summary>Runs a command of kms-admin.</summary>
    public string Run(AdminCommand command, int retentionDays = 3650, params string[] options)
    {
        var kms = new KmsOptions();
        kms.Trail.RetentionDays = retentionDays;
        var said = new StringWriter();
        var context = new AdminContext(AdminArguments.Parse(command, ["--data", _folder, .. options]), new Settings(kms, _hsm, new(), new(), new(), new()), said, CancellationToken.None);
        try { command.Run(context).GetAwaiter().GetResult(); }
        catch (StartupException e) { said.WriteLine($"FAILED {e.Message}"); }
        return said.ToString();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "trail.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Puts a key of one's own in the place of the service's, and signs with it.</summary>
    public void SignAnew()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = own.ExportSubjectPublicKeyInfo();
        var keyId = Convert.ToHexStringLower(SHA256.HashData(publicKey));
        Sql("DELETE FROM kms_trail_key");
        Sql("INSERT INTO kms_trail_key (key_id, public_key, made_at) VALUES (@id, @key, 0)", ("@id", keyId), ("@key", publicKey));
        using var connection = Open();
        using var command = connection.CreateCommand();
        foreach (var (chain, number, body) in command.Sql("SELECT chain, number, body FROM kms_trail_checkpoint").Rows(row => (row.GetInt32(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2))))
        {
            var signature = own.SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            Sql("UPDATE kms_trail_checkpoint SET signature = @signature, key_id = @id WHERE chain = @chain AND number = @number", ("@signature", signature), ("@id", keyId), ("@chain", chain), ("@number", number));
        }
    }
}
