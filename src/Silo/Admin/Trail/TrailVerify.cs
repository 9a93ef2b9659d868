using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Orleans.Kms.Silo.Embedded;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Verifies the whole trail. Reads only, so it works beside a running service.</summary>
internal static class TrailVerify
{
    private const string KnownLoss = "--known-loss";

    public static AdminCommand Command { get; } = new(
        "trail verify", "proves that the trail is what was written and signed: nothing changed, dropped, put in or put back; also while the service runs",
        [
            new("--checkpoint", "FILE", "checkpoints that are kept elsewhere, as trail checkpoint wrote them: the trail has to contain them", IsRepeated: true),
            new("--public-key", "FILE", "the public key in PEM, in place of the one that the token opens", IsRepeated: true),
            new("--without-token", "", "does not ask token or root key file, so neither what they keep of the trail; with --public-key"),
            new(KnownLoss, "CHAIN", "the id of a chain whose end was lost, for instance with a restored backup: what is kept outside of its end is told and is no fault", IsRepeated: true),
        ],
        Run);

    private static Task<int> Run(AdminContext context)
    {
        var folder = context.Folder();
        var witness = Witness(context, folder);
        foreach (var (source, signed, checkpoint) in witness.Statements)
        {
            if (!witness.Keys.Values.Any(signed.IsSignedBy)) throw new StartupException($"{source}: checkpoint {checkpoint.Number} of chain {checkpoint.ChainId:D} is not signed by the key of this trail.");
        }
        if (!context.Settings.IsCluster && !File.Exists(folder.Trail.Path) && witness.Statements.Count > 0)
        {
            var (source, _, checkpoint) = witness.Statements.OrderByDescending(statement => statement.Checkpoint.Time).First();
            throw new StartupException(string.Create(CultureInfo.InvariantCulture,
                $"the trail is gone: {folder.Trail.Path} is missing, and {source} keeps checkpoint {checkpoint.Number} of {checkpoint.Time:yyyy-MM-ddTHH:mm:ssZ}, of the events to {checkpoint.LastEvent} of chain {checkpoint.ChainId:D}."));
        }
        var (begun, verification) = (Stopwatch.StartNew(), new TrailVerification(context, witness, [.. context.Arguments.All(KnownLoss)]));
        try
        {
            using var trail = TrailSnapshot.Open(context);
            verification.Run(trail);
        }
        catch (DbException e)
        {
            throw new StartupException($"the trail cannot be read to its end ({e.Message}): keep {(context.Settings.IsCluster ? context.Databases(folder).KmsName : folder.Trail.Path)} as it is, for it may be evidence.");
        }
        var seconds = Math.Max(begun.Elapsed.TotalSeconds, 0.001);
        context.Say(string.Create(CultureInfo.InvariantCulture, $"{verification.Chains} chains, {verification.Blocks} blocks, {verification.Events} events in {seconds:F1} s, {verification.Events / seconds:F0} events/s."));
        if (verification.Faults > 0) throw new StartupException("the trail is not what was written, see above: keep this database as it is, for it is evidence.");
        context.Say("Everything is as it was written.");
        return Task.FromResult(0);
    }

    private static TrailWitness Witness(AdminContext context, DataFolder folder)
    {
        var (files, isAlone) = (context.Arguments.All("--public-key"), context.Arguments.Has("--without-token"));
        if (isAlone && files.Count == 0) throw new UsageException("--without-token needs --public-key.");
        var asked = isAlone ? null : TrailWitness.Find(context, folder);
        var witness = files.Count > 0 ? TrailWitness.Of(files.Select(PublicKeyFile.Read)).With(asked?.Statements ?? []) : asked!;
        return witness.With(context.Arguments.All("--checkpoint").SelectMany(TrailStatement.ReadAll).ToArray());
    }
}
