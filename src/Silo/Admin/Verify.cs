using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Proves that token and database belong together. Reads only, in a session of its own, so it works beside a running service.</summary>
internal static class Verify
{
    public static AdminCommand Command { get; } = new(
        "verify", "proves that the token serves this database; with --deep, that every stored key opens; also while the service runs",
        [new("--deep", "", "opens the material of every key version and every access key")], Run);

    private static Task<int> Run(AdminContext context)
    {
        var folder = context.Folder();
        var databases = context.Databases(folder);
        var wrapped = AdminContext.ServiceKey(databases) ?? throw new StartupException($"{folder.Path} has no service key yet: start the service once.");
        var code = context.Settings.Kms.HasToken ? WithTokens(context, folder, databases, wrapped) : WithFile(context, databases, wrapped);
        return code == 0 ? Task.FromResult(code) : throw new StartupException("not everything opens, see above: restore database and token from one backup, or bring in the root keys that are missing.");
    }

    // Every token has to serve every key, for any of them may have to stand in for the others.
    private static int WithTokens(AdminContext context, DataFolder folder, ServiceDatabases databases, WrappedKey serviceKey) => context.Token(folder).Addresses.Max(token => LongSession.Use(token, new ServiceKey(serviceKey), session =>
    {
        context.Say($"Token '{token.Name}' opens the service key, under {KeyTemplate.RootKeyLabel(serviceKey.RootKeyVersion)}.");
        return Check(context, databases, session.Open, session.Check);
    }));

    private static int WithFile(AdminContext context, ServiceDatabases databases, WrappedKey serviceKey)
    {
        using var roots = RootKeyFile.Read(context.Settings.Kms.RootKeyFile);
        using var seal = new InProcessSeal(roots.Unwrap(serviceKey));
        context.Say($"{context.Settings.Kms.RootKeyFile} opens the service key, under root key {serviceKey.RootKeyVersion}.");
        return Check(context, databases, seal.Open, static _ => throw new InvalidDataException("It is of protection level HSM, and there is no token."));
    }

    private static int Check(AdminContext context, ServiceDatabases databases, Func<byte[], byte[], byte[]> open, Action<HsmKey> tryOut)
    {
        if (databases.Secrets.Find(ServiceSecrets.ClusterSecret) is { } secret)
        {
            CryptographicOperations.ZeroMemory(open(EmbeddedSetup.ClusterSecretPlace, secret.Value));
            context.Say("The service key opens the cluster secret.");
        }
        // The session ends with this call, so nothing may be left of the work then.
        return context.Arguments.Has("--deep") ? Deep(context, databases, open, tryOut).GetAwaiter().GetResult() : 0;
    }

    private static async Task<int> Deep(AdminContext context, ServiceDatabases databases, Func<byte[], byte[], byte[]> open, Action<HsmKey> tryOut)
    {
        var census = await RootKeyCensus.Take(databases.Grains, (_, place, stored) => ValueTask.FromResult(open(place, stored)), tryOut, context.Cancellation);
        var accessKeys = AccessKeys(databases, open, census.Failures);
        var software = $"{census.Software} key version{(census.Software == 1 ? "" : "s")} of protection level SOFTWARE";
        context.Say(string.Create(CultureInfo.InvariantCulture, $"Of {census.Keys} keys: {census.Describe()}; {software}. Access keys: {accessKeys}."));
        if (census.HasTrail) context.Say(census.OfTrail is { } version ? $"The key of the trail is under {KeyTemplate.RootKeyLabel(version)}." : "The key of the trail is of protection level SOFTWARE.");
        foreach (var failure in census.Failures) context.Say($"FAILED {failure}");
        context.Say(census.Failures.Count == 0 ? "Everything opens." : $"{census.Failures.Count} do not open.");
        return census.Failures.Count == 0 ? 0 : 1;
    }

    private static int AccessKeys(ServiceDatabases databases, Func<byte[], byte[], byte[]> open, List<string> failures)
    {
        var count = 0;
        foreach (var state in new StoredStates<AccessKeyRecord>(databases.Grains, AccessKeyRecord.StateName).Pages().SelectMany(page => page))
        {
            count++;
            try
            {
                var record = state.Record ?? throw new JsonException(state.Failure);
                CryptographicOperations.ZeroMemory(open(AccessKeyRecord.Place(state.GrainKey, record), record.SealedSecret));
            }
            catch (Exception e) when (e is InvalidDataException or JsonException) { failures.Add($"access key {state.GrainKey}: {e.Message}"); }
        }
        return count;
    }
}
