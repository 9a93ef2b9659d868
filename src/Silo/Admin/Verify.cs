using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
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
        var folder = DataFolder.Look(context.Arguments.DataFolder);
        var options = context.Token(folder);
        var wrapped = AdminContext.ServiceKey(folder) ?? throw new StartupException($"{folder.Path} has no service key yet: start the service once.");
        // Every token has to serve every key, for any of them may have to stand in for the others.
        return Task.FromResult(options.Addresses.Max(token => LongSession.Use(token, new ServiceKey(wrapped), session => Check(context, folder, token, wrapped, session))));
    }

    private static int Check(AdminContext context, DataFolder folder, TokenAddress token, WrappedKey serviceKey, TokenSession session)
    {
        context.Say($"Token '{token.Name}' opens the service key, under {KeyTemplate.RootKeyLabel(serviceKey.RootKeyVersion)}.");
        if (new ServiceSecrets(folder.Kms.DataSource()).Find(ServiceSecrets.ClusterSecret) is { } secret)
        {
            CryptographicOperations.ZeroMemory(session.Open(EmbeddedSetup.ClusterSecretPlace, secret.Value));
            context.Say("The service key opens the cluster secret.");
        }
        // The session ends with this call, so nothing may be left of the work then.
        return context.Arguments.Has("--deep") ? Deep(context, folder, session).GetAwaiter().GetResult() : 0;
    }

    private static async Task<int> Deep(AdminContext context, DataFolder folder, TokenSession session)
    {
        var census = await RootKeyCensus.Take(folder.Grains.DataSource(), (_, place, stored) => ValueTask.FromResult(session.Open(place, stored)), session.Check, context.Cancellation);
        var accessKeys = AccessKeys(folder, session, census.Failures);
        var software = $"{census.Software} key version{(census.Software == 1 ? "" : "s")} of protection level SOFTWARE";
        context.Say(string.Create(CultureInfo.InvariantCulture, $"Of {census.Keys} keys: {census.Describe()}; {software}. Access keys: {accessKeys}."));
        foreach (var failure in census.Failures) context.Say($"FAILED {failure}");
        context.Say(census.Failures.Count == 0 ? "Everything opens." : $"{census.Failures.Count} do not open.");
        return census.Failures.Count == 0 ? 0 : 1;
    }

    private static int AccessKeys(DataFolder folder, TokenSession session, List<string> failures)
    {
        var count = 0;
        foreach (var state in new StoredStates<AccessKeyRecord>(folder.Grains.DataSource(), AccessKeyRecord.StateName).Pages().SelectMany(page => page))
        {
            count++;
            try { CryptographicOperations.ZeroMemory(session.Open(AccessKeyRecord.Place(state.GrainKey), (state.Record ?? throw new JsonException(state.Failure)).SealedSecret)); }
            catch (Exception e) when (e is InvalidDataException or JsonException) { failures.Add($"access key {state.GrainKey}: {e.Message}"); }
        }
        return count;
    }
}
