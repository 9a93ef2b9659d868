using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

/// <summary>RAM of one account. To name one of its grains signs the calls that follow in this asynchronous flow in as its root.</summary>
internal sealed class RamAccount
{
    public const string Document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""";
    public const string OtherDocument = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}]}""";
    public const string Trust = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000001:root"]}}]}""";

    private RamAccount(TestKms kms, string id) => (Kms, Id) = (kms, id);

    public TestKms Kms { get; }

    public string Id { get; }

    public IRamUsersGrain Users => Signed<IRamUsersGrain>();

    public IRamGroupsGrain Groups => Signed<IRamGroupsGrain>();

    public IRamRolesGrain Roles => Signed<IRamRolesGrain>();

    public IRamPoliciesGrain Policies => Signed<IRamPoliciesGrain>();

    /// <summary>The service's side; to name it attaches the silo's pass.</summary>
    public IRamServiceGrain Service
    {
        get
        {
            Kms.Services.GetRequiredService<SiloPass>().Attach();
            return Kms.Grains.GetGrain<IRamServiceGrain>(Id);
        }
    }

    public static async Task<RamAccount> Open(TestKms kms, string id = TestKms.Account)
    {
        var account = new RamAccount(kms, id);
        var root = account.Key("LTAItest" + id);
        if (await root.State() is null) await root.Issue(id, null, new byte[30]);
        return account;
    }

    /// <summary>The service's side of an access key; to name it attaches the silo's pass.</summary>
    public IAccessKeyServiceGrain Key(string accessKeyId)
    {
        Kms.Services.GetRequiredService<SiloPass>().Attach();
        return Kms.Grains.GetGrain<IAccessKeyServiceGrain>(accessKeyId);
    }

    /// <summary>The account's users as a caller other than the root reaches them.</summary>
    public IRamUsersGrain UsersAs(string accessKeyId, string? userId, RoleSession? session = null)
    {
        Kms.Services.GetRequiredService<CallerTokenSeal>().Seal(Id, accessKeyId, userId, session, new("id", "127.0.0.1", "test", "localhost", false)).Attach();
        return Kms.Grains.GetGrain<IRamUsersGrain>(Id);
    }

    public Task<RamUser> User(string name) => Users.CreateUser(new(name));

    public Task<RamGroup> Group(string name) => Groups.CreateGroup(name, null);

    public Task<RamRole> Role(string name) => Roles.CreateRole(name, new(Trust));

    public Task<RamPolicy> Policy(string name) => Policies.CreatePolicy(name, Document, null);

    public async Task<string[]> DocumentsOf(RamUser user) => [.. (await Service.PoliciesOfUser(user.UserId))!.Policies.Select(policy => $"{policy.Group}/{policy.Name}/{policy.VersionId}")];

    /// <summary>Changes the tables behind RAM's back.</summary>
    public Task Write(string sql, params (string, object)[] parameters) =>
        Kms.Services.GetRequiredService<BatchWriter>().Execute(command => command.Sql(sql, parameters).ExecuteNonQuery());

    /// <summary>How many rows a table has of this account.</summary>
    public int Rows(string table)
    {
        using var connection = Kms.Folder.Kms.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql($"SELECT COUNT(*) FROM {table} WHERE account_id = @account", ("@account", Id)).Number();
    }

    /// <summary>The whole code that a call fails with.</summary>
    public static async Task<string> Code(Func<Task> call) => (await Assert.ThrowsAsync<KmsException>(call)).ApiCode;

    private T Signed<T>() where T : IGrainWithStringKey
    {
        Kms.SignIn(Id);
        return Kms.Grains.GetGrain<T>(Id);
    }
}
