using System.Collections;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Access;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// Puts the id of the request into every log line that is written on behalf of one, wherever that is: it is asked for when there is a line to write, and costs calls that write none nothing. Scopes
/// that others begin are left out: they may tell what a request was.
/// </summary>
internal sealed class RequestLogScope : IExternalScopeProvider
{
    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (CallerTokenSeal.RequestIdOf(CallerToken.Current) is { } requestId) callback(new Field("RequestId", requestId), state);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity) callback(new Field("TraceId", activity.TraceId.ToHexString()), state);
    }

    public IDisposable Push(object? state) => Nothing.Instance;

    private sealed class Field(string name, string value) : IEnumerable<KeyValuePair<string, object?>>
    {
        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return new(name, value);
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"{name} {value}";
    }

    private sealed class Nothing : IDisposable
    {
        public static readonly Nothing Instance = new();

        public void Dispose() { }
    }
}
