using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Client.SignIn;

/// <summary>
/// Gives each call of this client the caller token, and nothing else: the request context of the application's own flow stays out of the service, and the token out of the
/// application's flow. A call whose token the service does not accept has done nothing, and is made again with a new one.
/// </summary>
internal sealed class CallerTokenFilter(CallerSessions sessions, IServiceProvider services) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        // What Orleans itself asks of a silo needs no caller.
        if (method.DeclaringType?.Assembly != typeof(CallerToken).Assembly)
        {
            await context.Invoke();
            return;
        }
        // Ends with this method: what an asynchronous method sets its caller does not see.
        RequestContext.Clear();
        if (method.GetCustomAttribute<UnauthenticatedAttribute>() is not null) await context.Invoke();
        else await InvokeSignedIn(context);
    }

    private async Task InvokeSignedIn(IOutgoingGrainCallContext context)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        var session = await sessions.Current(grains);
        session.Token.Attach();
        try { await context.Invoke(); }
        // Refused at the door: what was refused further inside is recorded, and may have done something.
        catch (KmsException e) when (e is { Code: KmsErrorCode.NotAuthenticated, IsRecorded: false })
        {
            sessions.Refused(session);
            (await sessions.Current(grains)).Token.Attach();
            await context.Invoke();
        }
    }
}
