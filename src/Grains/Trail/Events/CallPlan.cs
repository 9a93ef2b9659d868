using System.Buffers.Text;
using System.Reflection;
using Orleans.Kms.Access;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What the events of one grain method tell of its calls; worked out once per method.</summary>
internal sealed class CallPlan
{
    private CallPlan(ActionAttribute action, MethodInfo method)
    {
        Action = EventAction.Of(action);
        Parameters = ToldParameter.All(action.Action, method);
        KeyName = ToldKey.Of(action, method);
        Resources = ToldResources.Of(action, method);
        Result = ToldResults.Of(action, method);
        NamesKeyByBlob = Array.Exists(method.GetParameters(), parameter => parameter.Name == "blob");
    }

    /// <summary>What is called.</summary>
    public EventAction Action { get; }

    /// <summary>The arguments that are told.</summary>
    public ToldParameter[] Parameters { get; }

    /// <summary>How the grain itself is told among the parameters; null if it is not.</summary>
    public ToldKey? KeyName { get; }

    /// <summary>Finds the resources of a call.</summary>
    public Action<EventResources, CallContent> Resources { get; }

    /// <summary>Tells the result of a call; null if nothing is told of it.</summary>
    public Action<EventJson, CallContent>? Result { get; }

    /// <summary>Whether the CMK is named by a ciphertext blob. Then that there is no such CMK is told as any other fault of the blob.</summary>
    public bool NamesKeyByBlob { get; }

    /// <summary>The plan of a method.</summary>
    public static CallPlan Of(ActionAttribute action, MethodInfo method) => new(action, method);

    /// <summary>The CMK in a grain's key, <c>ACCOUNT/KEYID</c>; the empty id if it names none.</summary>
    public static Guid KeyIn(ReadOnlySpan<byte> grainKey)
    {
        var slash = grainKey.IndexOf((byte)'/');
        return slash > 0 && Utf8Parser.TryParse(grainKey[(slash + 1)..], out Guid id, out var read, 'D') && slash + 1 + read == grainKey.Length ? id : Guid.Empty;
    }
}
