namespace Orleans.Kms.Cluster.Tests;

internal static class Program
{
    public static int Main() => 0;
}
