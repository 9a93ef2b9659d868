using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Says why a root key cannot be exported, and where its export is if it has one: that is made together with the key, or never.</summary>
internal static class ExportRootKey
{
    public static AdminCommand Command { get; } = new(
        "export-root-key", "tells whether a root key was exported when it was made; later it cannot be", [new("--version", "N", "the root key", IsRequired: true)], Run);

    private static Task<int> Run(AdminContext context)
    {
        var version = context.Arguments.Number("--version", 1, int.MaxValue);
        var label = KeyTemplate.RootKeyLabel(version);
        var exported = AdminRecords.Read(context.Databases(context.Folder()).Kms)
            .FindLast(record => record.What.RootKeyVersion == version && record.What.Command == AddRootKey.Command.Name && record.What.Detail.Contains("with export", StringComparison.Ordinal));
        if (exported is null)
        {
            throw new StartupException(
                $"{label} was made to stay in its token and can never be exported. To have a root key that can: kms-admin add-root-key --export, then rewrap, then retire {label}.");
        }
        context.Say($"{exported.BegunAt:yyyy-MM-ddTHH:mm:ssZ} {exported.What.Operator}: {exported.What.Detail}; {exported.Outcome ?? "not ended"}");
        return Task.FromResult(0);
    }
}
