using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans.Kms.Micro;

/// <summary>A call of a grain method that nobody made.</summary>
internal sealed class StandInCall(string grainKey, params object?[] arguments) : IIncomingGrainCallContext, IInvokable
{
    public IInvokable Request => this;
    public GrainId TargetId { get; } = GrainId.Create("key", grainKey);
    public object Grain => this;
    public object? GetArgument(int index) => arguments[index];
    public int GetArgumentCount() => arguments.Length;
    public void Dispose() { }

    public GrainId? SourceId => throw new NotSupportedException();
    public GrainInterfaceType InterfaceType => throw new NotSupportedException();
    public string InterfaceName => throw new NotSupportedException();
    public string MethodName => throw new NotSupportedException();
    public MethodInfo InterfaceMethod => throw new NotSupportedException();
    public MethodInfo ImplementationMethod => throw new NotSupportedException();
    public IGrainContext TargetContext => throw new NotSupportedException();
    public object? Result { get; set; }
    public Response? Response { get; set; }
    public bool IsCancellable => false;
    Task IGrainCallContext.Invoke() => throw new NotSupportedException();
    ValueTask<Response> IInvokable.Invoke() => throw new NotSupportedException();
    public object GetTarget() => throw new NotSupportedException();
    public void SetTarget(ITargetHolder holder) => throw new NotSupportedException();
    public void SetArgument(int index, object value) => throw new NotSupportedException();
    public string GetMethodName() => throw new NotSupportedException();
    public string GetInterfaceName() => throw new NotSupportedException();
    public string GetActivityName() => throw new NotSupportedException();
    public MethodInfo GetMethod() => throw new NotSupportedException();
    public Type GetInterfaceType() => throw new NotSupportedException();
}
