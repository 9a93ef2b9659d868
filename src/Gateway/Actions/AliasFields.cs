using Orleans.Kms.Aliases;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Writes lists of aliases.</summary>
internal static class AliasFields
{
    /// <summary>Writes one page.</summary>
    public static void Write(ResponseWriter response, PageRequest wanted, AliasPage page)
    {
        response.BeginList("Aliases", "Alias");
        foreach (var alias in page.Aliases)
        {
            response.BeginItem("Alias");
            response.Text("AliasName", alias.Name);
            response.Text("AliasArn", alias.Arn);
            response.Id("KeyId", alias.KeyId);
            response.EndItem("Alias");
        }
        response.EndList("Aliases");
        PageFields.Write(response, wanted, page.TotalCount);
    }
}
