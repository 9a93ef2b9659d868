using System.Data.Common;

namespace Orleans.Kms.Grains.Storage;

/// <summary>
/// Asks whether this silo is a member still, for what is answered without an event: see <see cref="MemberFence"/>. Calls that come while a question is under way share the next one, for only one that
/// began after a call came says anything about it. A silo alone is always one.
/// </summary>
internal sealed class MemberCheck(DbDataSource database, MemberFence? fence = null)
{
    private readonly Lock _gate = new();
    private Task _asked = Task.CompletedTask;
    private Task? _next;

    /// <summary>Fails unless the silo is a member now.</summary>
    /// <exception cref="Errors.KmsException"><see cref="Errors.KmsErrorCode.ServiceUnavailable"/>: it is none, or the database does not say.</exception>
    public Task Require()
    {
        if (fence is null) return Task.CompletedTask;
        lock (_gate) return _next ??= AskAfter(_asked, fence);
    }

    private async Task AskAfter(Task asked, MemberFence fence)
    {
        await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate) (_asked, _next) = (_next!, null);
        try
        {
            await using var connection = await database.OpenConnectionAsync();
            await using var command = connection.CreateCommand();
            await fence.RequireAsync(command);
        }
        catch (DbException e) { throw e.Unavailable(); }
    }
}
