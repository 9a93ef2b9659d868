using Microsoft.Data.Sqlite;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>What callers meet while the trail cannot be written.</summary>
[Collection(TokenTests.Name)]
public sealed class TrailOutageTests(TokenFixture token)
{
    [Fact]
    public async Task Nothing_is_answered_and_nothing_changes_and_then_all_goes_on()
    {
        await using var kms = await TestKms.Start(token, token.NewFolder());
        var key = await kms.CreateKey();
        await key.Encrypt([1], EncryptionContext.Empty);
        using (var connection = new SqliteConnection(kms.Folder.Trail.ConnectionString + ";Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            foreach (var call in new Func<Task>[] { () => key.Encrypt([1], EncryptionContext.Empty).AsTask(), key.Disable, () => key.Encrypt(new byte[100_000], EncryptionContext.Empty).AsTask() })
            {
                Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(call)).Code);
            }
        }
        Assert.Equal(KeyState.Enabled, (await key.Describe()).State);
        await key.Encrypt([1], EncryptionContext.Empty);
        await key.Disable();
        Assert.Equal([(null, false)], await Recorded.Of(kms, "DisableKey"));
    }
}
