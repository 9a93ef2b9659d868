namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>Tests that hold on every database.</summary>
public abstract class TrailTests : IDisposable
{
    private readonly Lazy<ITrailHome> _home;

    private protected TrailTests(Func<ITrailHome> newHome) => _home = new(newHome);

    private protected ITrailHome Home => _home.Value;

    public void Dispose()
    {
        if (_home.IsValueCreated) Home.Dispose();
        GC.SuppressFinalize(this);
    }
}
