using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Lists what operators did.</summary>
internal static class Records
{
    public static AdminCommand Command { get; } = new("records", "lists what was done with kms-admin: when, by whom, what, and how it ended", [], Run);

    private static Task<int> Run(AdminContext context)
    {
        foreach (var record in AdminRecords.Read(context.Databases(context.Folder()).Kms))
        {
            context.Say($"{record.BegunAt:yyyy-MM-ddTHH:mm:ssZ}  {record.What.Operator}  {record.What.Command}  {record.What.Detail}  {record.Outcome ?? "not ended"}");
        }
        return Task.FromResult(0);
    }
}
