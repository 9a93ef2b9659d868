using System.Globalization;
using System.Security.Cryptography;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Admin;

/// <summary>The files of an export: one for the wrapped root key, one for each custodian's share.</summary>
/// <param name="Export">Path of the export.</param>
/// <param name="SharesFolder">Folder of the shares.</param>
/// <param name="Shares">How many.</param>
/// <param name="Threshold">How many recover the transfer key.</param>
internal sealed record Ceremony(string Export, string SharesFolder, int Shares, int Threshold)
{
    /// <summary>What the options ask for; null without an export.</summary>
    /// <exception cref="UsageException">One is missing, or there cannot be so many.</exception>
    public static Ceremony? Of(AdminArguments arguments)
    {
        string[] others = ["--shares", "--threshold", "--shares-folder"];
        if (!arguments.Has("--export")) return Array.Find(others, arguments.Has) is { } alone ? throw new UsageException($"{alone} goes with --export.") : null;
        if (Array.Find(others, option => !arguments.Has(option)) is { } missing) throw new UsageException($"--export needs {missing}, too.");
        var shares = arguments.Number("--shares", 2, SecretSharing.MaxShares);
        return new(Path.GetFullPath(arguments.Text("--export")), Path.GetFullPath(arguments.Text("--shares-folder")), shares, arguments.Number("--threshold", 2, shares));
    }

    /// <summary>Fails if a file is there already: none is overwritten.</summary>
    public void Check(string label)
    {
        if (Enumerable.Range(1, Shares).Select(number => ShareFile(label, number)).Append(Export).FirstOrDefault(File.Exists) is { } present) throw new StartupException($"{present} is there already; name another file or folder.");
    }

    /// <summary>Writes the files; each is whole, on disk and readable by its owner only.</summary>
    public void Write(RootKeyExport export, TransferKey transferKey)
    {
        var shares = transferKey.Split(export.RootKeyVersion, export.Id, Shares, Threshold);
        try
        {
            SecretFile.CreateFolders(SharesFolder);
            SecretFile.CreateFolders(Path.GetDirectoryName(Export)!);
            foreach (var share in shares) Write(ShareFile(KeyTemplate.RootKeyLabel(export.RootKeyVersion), share.Number), share);
        }
        finally { foreach (var share in shares) share.Dispose(); }
        export.Write(Export);
    }

    private static void Write(string path, RootKeyShare share)
    {
        var text = share.ToText();
        try { SecretFile.Write(path, text); }
        finally { CryptographicOperations.ZeroMemory(text); }
    }

    private string ShareFile(string label, int number) => Path.Combine(SharesFolder, string.Create(CultureInfo.InvariantCulture, $"{label}.share-{number}.txt"));
}
