using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Keys;
using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Embedded;

namespace Orleans.Kms.Grains.Tests.Setup;

/// <summary>The service with a root key file in place of a token.</summary>
[Collection(TokenTests.Name)]
public sealed class RootKeyFileServiceTests(TokenFixture token)
{
    private static readonly EncryptionContext Context = EncryptionContext.Empty;

    private readonly string _folder = token.NewFolder();
    private readonly string _file = Path.Combine(token.NewFolder(), "root.keys");

    [Fact]
    public async Task Keys_of_level_SOFTWARE_outlive_a_restart_and_a_new_root_key()
    {
        Guid aes, sm4, pair;
        byte[] aesBlob, sm4Blob, publicKey;
        await using (var first = await Start())
        {
            first.SignIn();
            (aes, sm4, pair) = (await Create(first, KeySpec.Aes256), await Create(first, KeySpec.Sm4), await Create(first, KeySpec.EcP256));
            aesBlob = (await first.Key(aes).Encrypt([1], Context)).CiphertextBlob;
            sm4Blob = (await first.Key(sm4).Encrypt([2], Context)).CiphertextBlob;
            publicKey = await PublicKey(first, pair);
        }
        RootKeyFile.AddVersion(_file);

        await using var second = await Start();
        second.SignIn();
        Assert.Equal([1], (await second.Key(aes).Decrypt(aesBlob, Context)).Plaintext);
        Assert.Equal([2], (await second.Key(sm4).Decrypt(sm4Blob, Context)).Plaintext);
        Assert.Equal(publicKey, await PublicKey(second, pair));
        await second.Key(aes).GenerateDataKey(32, Context);
        Assert.DoesNotContain(second.Services.GetServices<ServiceSeal>(), seal => seal is TokenSeal);
        Assert.Null(second.Services.GetService<ServiceKey>());
    }

    [Fact]
    public async Task Level_HSM_is_refused_and_not_offered()
    {
        await using var kms = await Start();
        kms.SignIn();
        foreach (var spec in Enum.GetValues<KeySpec>())
        {
            Assert.Equal(KmsErrorCode.UnsupportedProtectionLevel, (await Assert.ThrowsAsync<KmsException>(() => Create(kms, spec, ProtectionLevel.Hsm))).Code);
        }
        Assert.All(await kms.Directory().DescribeService(), offered => Assert.Equal([ProtectionLevel.Software], offered.Levels));
    }

    [Fact]
    public async Task A_database_made_with_a_token_needs_it()
    {
        await using (var kms = await TestKms.Start(token, _folder))
        {
            kms.SignIn();
            await Create(kms, KeySpec.Aes256);
        }
        RefusedForKeyMadeElsewhere();
        await using (var kms = await TestKms.Start(token, _folder))
        {
            kms.SignIn();
            await Create(kms, KeySpec.Aes256, ProtectionLevel.Hsm);
        }
        Assert.Contains("has keys of protection level HSM", Assert.Throws<StartupException>(Prepare).Message, StringComparison.Ordinal);

        void RefusedForKeyMadeElsewhere()
        {
            AssertRefused("root.keys' is missing");
            Assert.False(File.Exists(_file));
            using (RootKeyFile.ReadOrCreate(_file)) { }
            AssertRefused("does not open the database's service key");
        }
    }

    [Fact]
    public void A_database_made_with_a_file_needs_that_file()
    {
        Prepare();
        var file = File.ReadAllBytes(_file);
        File.Delete(_file);
        AssertRefused("is missing");
        Assert.False(File.Exists(_file));
        using (RootKeyFile.ReadOrCreate(_file)) { }
        AssertRefused("does not open the database's service key");
        Write(Encoding.ASCII.GetBytes("2" + Encoding.ASCII.GetString(file)[1..]));
        AssertRefused("holds no root key 1");
        Write(file);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        AssertRefused("chmod 600");
        using (var folder = DataFolder.Open(_folder))
        {
            var embedded = new HsmOptions { ModulePath = TokenFixture.ModulePath };
            foreach (var (options, reason) in new[] { (token.Options, "does not open the service key"), (embedded, "or set Kms:RootKeyFile") })
            {
                Assert.Contains(reason, Assert.Throws<HsmSetupException>(() => EmbeddedSetup.Prepare(folder, options)).Message, StringComparison.Ordinal);
            }
            Assert.False(Directory.Exists(folder.Hsm));
        }
        Write(file);
        Prepare();
    }

    [Fact]
    public void A_cluster_secret_that_was_altered_is_told()
    {
        Prepare();
        using (var folder = DataFolder.Open(_folder))
        {
            using var connection = folder.Kms.DataSource().OpenConnection();
            using var command = connection.CreateCommand();
            command.Sql("UPDATE kms_secret SET value = zeroblob(60) WHERE name = 'cluster-secret'").ExecuteNonQuery();
        }
        Assert.Contains("Restore database and root key file", Assert.Throws<StartupException>(Prepare).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_was_killed_between_file_and_database_is_just_repeated()
    {
        using (RootKeyFile.ReadOrCreate(_file)) { }
        var made = File.ReadAllBytes(_file);
        Prepare();
        Prepare();
        Assert.Equal(made, File.ReadAllBytes(_file));
    }

    private void AssertRefused(string reason) => Assert.Contains(reason, Assert.Throws<HsmSetupException>(Prepare).Message, StringComparison.Ordinal);

    private void Prepare()
    {
        using var folder = DataFolder.Open(_folder);
        using var seal = EmbeddedSetup.Prepare(folder, new HsmOptions(), _file).Seal;
    }

    private void Write(byte[] content)
    {
        File.WriteAllBytes(_file, content);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private Task<TestKms> Start() => TestKms.Start(token, _folder, rootKeyFile: _file);

    private static async Task<byte[]> PublicKey(TestKms kms, Guid pair)
    {
        var versions = await kms.Versions(pair).ListVersions(new(1, 10));
        return await kms.Asymmetric(pair).GetPublicKey(versions.Versions[0].VersionId);
    }

    private static async Task<Guid> Create(TestKms kms, KeySpec spec, ProtectionLevel level = ProtectionLevel.Software) =>
        (await kms.Directory().CreateKey(new(spec, spec.IsSymmetric() ? KeyUsage.EncryptDecrypt : KeyUsage.SignVerify, KeyOrigin.Kms, level, ""))).KeyId;
}
