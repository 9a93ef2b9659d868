using System.Text.Json;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>Reads the element Principal of trust policies.</summary>
internal static class PrincipalParser
{
    /// <summary>The principals of the element that the reader stands at; it goes behind it.</summary>
    public static TrustedPrincipals Parse(ref PolicyReader reader)
    {
        var begin = reader.Offset;
        var seen = new HashSet<string>();
        var (accounts, identities) = (new List<string>(), new List<string>());
        reader.EnterObject("Principal");
        while (reader.Token == JsonTokenType.PropertyName)
        {
            var type = reader.Name(seen);
            if (type.Text is not ("RAM" or "Service" or "Federated")) throw reader.Error($"unknown kind of principal {PolicyFormatException.Shown(type.Text)}", type.Offset);
            foreach (var principal in reader.Strings(type.Text))
            {
                // Nobody is a cloud service or signs in through an identity provider here: such principals match no caller.
                if (type.Text != "RAM") Check(ref reader, principal, principal.Text.Length > 0, type.Text);
                else Add(ref reader, principal, accounts, identities);
            }
        }
        if (seen.Count == 0) throw reader.Error("Principal is empty", begin);
        reader.Next();
        return new([.. accounts], [.. identities]);
    }

    private static void Add(ref PolicyReader reader, Located principal, List<string> accounts, List<string> identities)
    {
        var root = TrustedPrincipals.AccountOfRoot(principal.Text);
        Check(ref reader, principal, root is not null || TrustedPrincipals.IsIdentity(principal.Text), "RAM");
        if (root is not null) accounts.Add(root);
        else identities.Add(principal.Text);
    }

    private static void Check(ref PolicyReader reader, Located principal, bool isOne, string type)
    {
        if (!isOne) throw reader.Error($"{PolicyFormatException.Shown(principal.Text)} is no principal of the kind {type}", principal.Offset);
    }
}
