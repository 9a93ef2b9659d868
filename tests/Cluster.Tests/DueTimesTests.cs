using Orleans.Kms.Cluster.Tests.Clients;
using Orleans.Kms.Cluster.Tests.Processes;

namespace Orleans.Kms.Cluster.Tests;

/// <summary>Rotations and deletions fall due while silos are restarted one after the other: all clocks are put ahead while one of the silos is down.</summary>
[Collection(ClusterTests.Name)]
public sealed class DueTimesTests
{
    private const int KeysOfAKind = 6;
    private static readonly TimeSpan Step = TimeSpan.FromDays(8);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // Silos look every minute for what is due.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [LongFact]
    public async Task What_falls_due_during_a_rolling_restart_is_done_once()
    {
        await using var cluster = await TestCluster.Start(new());
        using var client = cluster.Client(0, CallTimeout);
        var begin = cluster.Time.GetUtcNow();
        var rotating = await Keys(client, ("EnableAutomaticRotation", "true"), ("RotationInterval", "7d"));
        var (deleted, kept) = (await Keys(client), await Keys(client));
        foreach (var key in deleted) await Done(client, "CreateAlias", ("KeyId", key), ("AliasName", $"alias/{key}"));
        foreach (var key in deleted) await Done(client, "ScheduleKeyDeletion", ("KeyId", key), ("PendingWindowInDays", "7"));
        foreach (var key in kept) await Done(client, "ScheduleKeyDeletion", ("KeyId", key), ("PendingWindowInDays", "30"));
        var secrets = new List<Secret>();

        for (var round = 1; round <= 2; round++)
        {
            foreach (var key in rotating) secrets.Add(await Encrypt(client, key));
            using var end = new CancellationTokenSource();
            var users = rotating.Select(key => Use(client, key, end.Token)).ToArray();
            await Roll(cluster);
            await end.CancelAsync();
            await Task.WhenAll(users);
            foreach (var key in rotating) await Until(async () => (await Versions(client, key)).Length > round);
            foreach (var key in rotating) Assert.Equal(round + 1, (await Versions(client, key)).Length);
            foreach (var key in rotating) Assert.Equal((await Versions(client, key))[^1], (await Done(client, "Encrypt", ("KeyId", key), ("Plaintext", "x"))).Text("KeyVersionId"));
            foreach (var key in deleted) Assert.Equal("Forbidden.KeyNotFound", (await client.Send("DescribeKey", ("KeyId", key))).Code);
            foreach (var key in deleted) await Until(async () => (await client.Send("DescribeKey", ("KeyId", $"alias/{key}"))).Code == "Forbidden.AliasNotFound");
            foreach (var key in kept) Assert.Equal("PendingDeletion", (await Done(client, "DescribeKey", ("KeyId", key))).Text("KeyMetadata", "KeyState"));
            foreach (var secret in secrets) Assert.Equal(secret.Plaintext, (await Done(client, "Decrypt", ("CiphertextBlob", secret.Blob))).Text("Plaintext"));
        }

        foreach (var key in rotating) Assert.Equal(2, await Events(client, "RotateKey", key, begin, cluster.Time.GetUtcNow()));
        foreach (var key in deleted) Assert.Equal(1, await Events(client, "DestroyKey", key, begin, cluster.Time.GetUtcNow()));
        cluster.DidWell();
    }

    private static async Task Roll(TestCluster cluster)
    {
        for (var silo = 0; silo < cluster.Silos.Count; silo++)
        {
            await cluster.Silos[silo].Stop();
            // In the middle of the restart.
            if (silo == 1)
            {
                cluster.Time.Ahead += Step;
                foreach (var clock in cluster.Clocks.Values) clock.Put(cluster.Time.Ahead);
            }
            await cluster.Silos[silo].Start();
        }
    }

    private static async Task<string[]> Keys(KmsClient client, params (string, string)[] settings)
    {
        var keys = new string[KeysOfAKind];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (await Done(client, "CreateKey", [("ProtectionLevel", i % 2 == 0 ? "HSM" : "SOFTWARE"), .. settings])).Text("KeyMetadata", "KeyId");
        }
        return keys;
    }

    private static async Task Use(KmsClient client, string key, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var secret = await Encrypt(client, key);
            Assert.Equal(secret.Plaintext, (await Served(() => client.Send("Decrypt", ("CiphertextBlob", secret.Blob)))).Text("Plaintext"));
        }
    }

    private static async Task<Secret> Encrypt(KmsClient client, string key) =>
        new(key, $"of {key}", (await Served(() => client.Send("Encrypt", ("KeyId", key), ("Plaintext", $"of {key}")))).Text("CiphertextBlob"));

    // A request that was under way while its clock was put has the wrong date; others are refused for as long as a silo looks for its bearings.
    private static async Task<Answer> Served(Func<Task<Answer>> send)
    {
        var answer = await send();
        await Until(async () => answer.IsDone || (answer = await send()).IsDone);
        return answer;
    }

    private static async Task<Answer> Done(KmsClient client, string action, params (string, string)[] parameters)
    {
        var answer = await client.Send(action, parameters);
        return answer.IsDone ? answer : throw new InvalidOperationException($"{action} failed: {answer.Code}");
    }

    private static async Task<string[]> Versions(KmsClient client, string key) =>
        [.. (await Done(client, "ListKeyVersions", ("KeyId", key))).Body.GetProperty("KeyVersions").GetProperty("KeyVersion").EnumerateArray().Select(version => version.GetProperty("KeyVersionId").GetString()!)];

    private static async Task<int> Events(KmsClient client, string name, string key, DateTimeOffset begin, DateTimeOffset end)
    {
        var answer = await client.SendTo("2020-07-06", "LookupEvents", ("StartTime", EventReading.Text(begin)), ("EndTime", EventReading.Text(end)), ("MaxResults", "50"),
            ("LookupAttribute.1.Key", "EventName"), ("LookupAttribute.1.Value", name), ("LookupAttribute.2.Key", "ResourceName"), ("LookupAttribute.2.Value", key));
        Assert.False(answer.Body.TryGetProperty("NextToken", out _));
        return answer.Body.GetProperty("Events").GetArrayLength();
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        var clock = TimeProvider.System;
        for (var begun = clock.GetTimestamp(); !await isSo(); await Task.Delay(Interval)) Assert.True(clock.GetElapsedTime(begun) < Patience, "It did not happen in time.");
    }
}
