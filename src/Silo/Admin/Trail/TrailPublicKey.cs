namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Prints the key that verifies the trail.</summary>
internal static class TrailPublicKey
{
    public static AdminCommand Command { get; } = new(
        "trail public-key", "prints the public key that verifies checkpoints and proofs, as token or root key file open it, in PEM", [], Run);

    private static Task<int> Run(AdminContext context)
    {
        var key = TrailWitness.Find(context, context.Folder()).NewestKey ?? throw new StartupException("the trail has no key yet: start the service once.");
        context.Say(PublicKeyFile.Write(key));
        return Task.FromResult(0);
    }
}
