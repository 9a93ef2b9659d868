using Orleans.Kms.Access;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class CallRuleTests
{
    [Fact]
    public void Every_public_grain_method_says_what_it_does_or_makes_callers_known()
    {
        var methods = typeof(KmsActionAttribute).Assembly.GetTypes().Where(IsGrainInterface).SelectMany(t => t.GetMethods()).ToArray();
        Assert.NotEmpty(methods);
        Assert.All(methods, m => Assert.Contains(CallRule.Of(m).Admission, new[] { Admission.CallerToken, Admission.AccountMember, Admission.Anyone }));
    }

    [Fact]
    public void Only_authentication_takes_calls_without_a_token()
    {
        var open = typeof(KmsActionAttribute).Assembly.GetTypes().Where(IsGrainInterface).SelectMany(t => t.GetMethods())
            .Where(m => CallRule.Of(m).Admission == Admission.Anyone).Select(m => m.Name);
        Assert.Equal([nameof(IAccessKeyGrain.Authenticate)], open);
    }

    [Fact]
    public void Internal_grain_methods_need_the_pass_of_a_silo()
    {
        var methods = typeof(CallRule).Assembly.GetTypes().Where(IsGrainInterface).SelectMany(t => t.GetMethods()).ToArray();
        Assert.NotEmpty(methods);
        Assert.All(methods, m => Assert.Equal(Admission.SiloPass, CallRule.Of(m).Admission));
    }

    [Fact]
    public void Methods_of_orleans_itself_are_for_silos() =>
        Assert.Equal(Admission.Silo, CallRule.Of(typeof(IRemindable).GetMethod(nameof(IRemindable.ReceiveReminder), [typeof(string), typeof(TickStatus)])!).Admission);

    private static bool IsGrainInterface(Type type) => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type);
}
