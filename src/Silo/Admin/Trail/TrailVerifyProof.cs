using System.Globalization;
using System.Text;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Verifies a proof. Needs neither database nor token.</summary>
internal static class TrailVerifyProof
{
    public static AdminCommand Command { get; } = new(
        "trail verify-proof", "verifies what trail proof wrote, with the public key alone",
        [new("--proof", "FILE", "the proof", IsRequired: true), new("--public-key", "FILE", "the public key in PEM, not from the proof but from who vouches for it", IsRequired: true)],
        Run);

    private static Task<int> Run(AdminContext context)
    {
        var (path, key) = (context.Arguments.Text("--proof"), PublicKeyFile.Read(context.Arguments.Text("--public-key")));
        try
        {
            var proof = EventProof.Read(File.ReadAllBytes(path));
            var (block, checkpoint) = proof.Verify(key);
            context.Say(Encoding.UTF8.GetString(proof.Event.Span));
            context.Say(string.Create(CultureInfo.InvariantCulture,
                $"is event {block.FirstEvent + proof.EventIndex} of chain {block.ChainId:D}, in block {block.Number}, and was so at {checkpoint.Time:yyyy-MM-ddTHH:mm:ssZ}, by the signature of {TrailKey.Name(key)}."));
            return Task.FromResult(0);
        }
        catch (TrailFaultException e) { throw new StartupException($"{path} proves nothing: {e.Message}."); }
    }
}
