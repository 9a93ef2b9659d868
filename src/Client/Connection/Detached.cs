namespace Orleans.Kms.Client.Connection;

/// <summary>Begins work that several callers wait for: it has nothing of the flow of the one who came first, neither its request context nor a grain's scheduler.</summary>
internal static class Detached
{
    public static Task<T> Run<T>(Func<Task<T>> work)
    {
        if (ExecutionContext.IsFlowSuppressed()) return Task.Run(work);
        using (ExecutionContext.SuppressFlow()) return Task.Run(work);
    }
}
