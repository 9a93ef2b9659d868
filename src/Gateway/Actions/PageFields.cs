using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Writes what every paged list ends with.</summary>
internal static class PageFields
{
    /// <summary>Writes page number, page size and the length of the whole list.</summary>
    public static void Write(ResponseWriter response, PageRequest page, int totalCount)
    {
        response.Integer("PageNumber", page.Number);
        response.Integer("PageSize", page.Size);
        response.Integer("TotalCount", totalCount);
    }
}
