using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Client.Tests;

/// <summary>Counts the calls of the public grain methods that arrive at a silo, and lets some of them fail.</summary>
internal sealed class Arrivals : IIncomingGrainCallFilter
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly HashSet<string> _contextKeys = [];
    private readonly Dictionary<string, Queue<KmsErrorCode>> _faults = [];
    private readonly List<(string Method, int Count, TaskCompletionSource Reached)> _awaited = [];

    /// <summary>How often the method has been called.</summary>
    public int this[string method]
    {
        get
        {
            lock (_gate) return _counts.GetValueOrDefault(method);
        }
    }

    /// <summary>What request contexts held.</summary>
    public IReadOnlyList<string> ContextKeys
    {
        get
        {
            lock (_gate) return [.. _contextKeys];
        }
    }

    /// <summary>The next calls of the method fail, one after another.</summary>
    public void Fail(string method, params KmsErrorCode[] codes)
    {
        lock (_gate) _faults[method] = new(codes);
    }

    /// <summary>Ends when the method has been called that often.</summary>
    public Task Reach(string method, int count)
    {
        lock (_gate)
        {
            if (_counts.GetValueOrDefault(method) >= count) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((method, count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public Task Invoke(IIncomingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        if (method.DeclaringType?.Assembly == typeof(CallerToken).Assembly) Arrived(method.Name);
        return context.Invoke();
    }

    private void Arrived(string method)
    {
        lock (_gate)
        {
            var count = _counts[method] = _counts.GetValueOrDefault(method) + 1;
            _contextKeys.UnionWith(RequestContext.Keys);
            foreach (var awaited in _awaited.Where(awaited => awaited.Method == method && awaited.Count <= count)) awaited.Reached.TrySetResult();
            if (_faults.TryGetValue(method, out var faults) && faults.TryDequeue(out var code)) throw new KmsException(code);
        }
    }
}
