using System.Globalization;
using Orleans.Kms.Cluster.Tests.Checking;
using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Uses keys that others use, too, and changes whether they can be used.</summary>
internal sealed class SharedCaller(KmsClient client, Recorder recorder, Ledger ledger, Dice dice)
{
    private static readonly string[] Changes = ["EnableKey", "EnableKey", "DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "CancelKeyDeletion"];
    private static readonly string[] ImportedChanges = [.. Changes, "DeleteKeyMaterial", "ImportKeyMaterial", "ImportKeyMaterial"];
    private static readonly string[] Uses = ["Encrypt", "Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey"];

    /// <summary>One call; whether it was answered by a service in order.</summary>
    public async Task<bool> Use(SharedKey key)
    {
        var action = dice.Below(2) == 0 ? dice.Of(Uses) : dice.Of(key.Import is null ? Changes : ImportedChanges);
        var answer = action switch
        {
            "Encrypt" => await Encrypt(key),
            "Decrypt" when key.Any(dice) is { } secret => await Decrypt(key, secret),
            "GenerateDataKey" => await GenerateDataKey(key),
            "DescribeKey" => await Describe(key.Id),
            "ScheduleKeyDeletion" => await Send(key, action, ("KeyId", key.Id), ("PendingWindowInDays", "366")),
            "ImportKeyMaterial" => await Send(key, action, ("KeyId", key.Id), ("ImportToken", key.Import!.ImportToken), ("EncryptedKeyMaterial", key.Import.EncryptedKeyMaterial)),
            "Decrypt" => await Encrypt(key),
            _ => await Send(key, action, ("KeyId", key.Id)),
        };
        return answer.Outcome != Outcome.Unknown && answer.Code != Answer.Unreachable;
    }

    /// <summary>Asks for the key's state.</summary>
    public async Task<Answer> Describe(string keyId)
    {
        var answer = await client.Send("DescribeKey", ("KeyId", keyId));
        recorder.Add(answer.About("DescribeKey", keyId, answer.IsDone ? answer.Text("KeyMetadata", "KeyState") : null));
        return answer;
    }

    /// <summary>Decrypts, and compares.</summary>
    public async Task<Answer> Decrypt(SharedKey key, Secret secret)
    {
        var answer = await Send(key, "Decrypt", ("CiphertextBlob", secret.Blob));
        if (answer.IsDone && (answer.Text("Plaintext") != secret.Plaintext || answer.Text("KeyId") != secret.KeyId))
        {
            ledger.Found.Enqueue(new(ViolationKind.WrongPlaintext, $"Decrypt {answer.RequestId} of a blob of key {secret.KeyId} answered what was not encrypted."));
        }
        return answer;
    }

    /// <summary>Brings the key into use, whatever its state.</summary>
    public async Task Enable(SharedKey key)
    {
        await Send(key, "CancelKeyDeletion", ("KeyId", key.Id));
        if (key.Import is { } import) await Send(key, "ImportKeyMaterial", ("KeyId", key.Id), ("ImportToken", import.ImportToken), ("EncryptedKeyMaterial", import.EncryptedKeyMaterial));
        await Send(key, "EnableKey", ("KeyId", key.Id));
    }

    private async Task<Answer> Encrypt(SharedKey key)
    {
        var plaintext = $"{key.Id} {dice.Below(int.MaxValue).ToString(CultureInfo.InvariantCulture)}";
        var answer = await Send(key, "Encrypt", ("KeyId", key.Id), ("Plaintext", plaintext));
        if (answer.IsDone) Keep(key, new(key.Id, plaintext, answer.Text("CiphertextBlob")));
        return answer;
    }

    private async Task<Answer> GenerateDataKey(SharedKey key)
    {
        var answer = await Send(key, "GenerateDataKey", ("KeyId", key.Id));
        if (answer.IsDone) Keep(key, new(key.Id, answer.Text("Plaintext"), answer.Text("CiphertextBlob")));
        return answer;
    }

    private void Keep(SharedKey key, Secret secret)
    {
        key.Keep(secret);
        ledger.Secrets.Enqueue(secret);
    }

    private async Task<Answer> Send(SharedKey key, string action, params (string, string)[] parameters)
    {
        var answer = await client.Send(action, parameters);
        recorder.Add(answer.About(action, key.Id));
        if (answer.Outcome == Outcome.Unknown && KeyModel.IsChange(action)) key.ChangeIsUnknown();
        return answer;
    }
}
