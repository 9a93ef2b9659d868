using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Makes CMKs.</summary>
internal sealed class KeyMaker(KmsClient client, Recorder recorder, Ledger ledger)
{
    /// <summary>A key with a description that is a write of its own; null if that was not acknowledged.</summary>
    public async Task<string?> Own(string description, string level)
    {
        var id = await Create(description, ("Description", description), ("ProtectionLevel", level));
        if (id is not null) ledger.OwnKeys.Enqueue(id);
        return id;
    }

    /// <summary>A key for all callers, at either protection level in turn; null if it was not acknowledged.</summary>
    public async Task<SharedKey?> Shared(int place, bool isImported)
    {
        (string, string) level = ("ProtectionLevel", place % 2 == 0 ? "HSM" : "SOFTWARE");
        if (await Create("", isImported ? [level, ("Origin", "EXTERNAL")] : [level]) is not { } id) return null;
        var key = new SharedKey(id, null);
        if (isImported)
        {
            var parameters = await client.Send("GetParametersForImport", ("KeyId", id), ("WrappingAlgorithm", "RSAES_OAEP_SHA_1"), ("WrappingKeySpec", "RSA_2048"));
            recorder.Add(parameters.About("GetParametersForImport", id));
            if (!parameters.IsDone) return null;
            key = new(id, ImportableMaterial.Make(parameters));
        }
        ledger.SharedKeys.Enqueue(key);
        return key;
    }

    private async Task<string?> Create(string description, params (string, string)[] parameters)
    {
        var answer = await client.Send("CreateKey", parameters);
        var id = answer.IsDone ? answer.Text("KeyMetadata", "KeyId") : null;
        recorder.Add(answer.About("CreateKey", Subjects.Description(id ?? "unknown"), description));
        return id;
    }
}
