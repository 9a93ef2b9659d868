using Orleans.Kms.Cluster.Tests.Checking;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Reads at the end, of a service that is in order again, everything that was written, and opens everything that was encrypted.</summary>
internal sealed class FinalReading(Func<int, KmsClient> clientOf, Recorder recorder, Ledger ledger)
{
    private const int AtOnce = 16;
    private const int MaxTries = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Reads it all.</summary>
    /// <exception cref="InvalidOperationException">The service does not answer any more.</exception>
    public async Task Run()
    {
        using var client = clientOf(0);
        await ForEach(ledger.SharedKeys.Select(key => key.Id), id => Read(client, "DescribeKey", id, answer => answer.Text("KeyMetadata", "KeyState"), ("KeyId", id)));
        await ForEach(ledger.OwnKeys, id => Read(client, "DescribeKey", Subjects.Description(id), answer => answer.Text("KeyMetadata", "Description"), ("KeyId", id)));
        await ForEach(ledger.OwnKeys, id => Read(client, "ListResourceTags", Subjects.Tag(id), TagOf, ("KeyId", id)));
        await ForEach(ledger.Aliases, alias => Read(client, "DescribeKey", alias, answer => answer.Text("KeyMetadata", "KeyId"), ("KeyId", alias)));
        var secrets = ledger.Secrets.ToLookup(secret => secret.KeyId);
        await ForEach(ledger.SharedKeys, key => Open(client, key, secrets[key.Id]));
    }

    private static Task ForEach<T>(IEnumerable<T> all, Func<T, Task> work) => Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) => await work(one));

    private static string? TagOf(Answer answer) => answer.Body.GetProperty("Tags").GetProperty("Tag").EnumerateArray().Select(tag => tag.GetProperty("TagValue").GetString()).SingleOrDefault();

    private async Task Read(KmsClient client, string action, string subject, Func<Answer, string?> value, params (string, string)[] parameters)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await client.Send(action, parameters);
            // What is not there is read as nothing.
            var isRead = answer.IsDone || answer.Code is "Forbidden.KeyNotFound" or "Forbidden.AliasNotFound";
            var call = answer.About(action, subject, answer.IsDone ? value(answer) : null);
            recorder.Add(call);
            if (isRead) return;
            if (attempt == MaxTries) throw new InvalidOperationException($"The service is not in order at the end: {call}");
            await Task.Delay(Pause);
        }
    }

    private async Task Open(KmsClient client, SharedKey key, IEnumerable<Secret> secrets)
    {
        var caller = new SharedCaller(client, recorder, ledger, new(0));
        await caller.Enable(key);
        foreach (var secret in secrets)
        {
            for (var attempt = 1; !(await caller.Decrypt(key, secret)).IsDone; attempt++)
            {
                if (attempt == MaxTries)
                {
                    ledger.Found.Enqueue(new(ViolationKind.WrongPlaintext, $"A blob of key {key.Id} does not open."));
                    break;
                }
                await Task.Delay(Pause);
                await caller.Enable(key);
            }
        }
    }
}
