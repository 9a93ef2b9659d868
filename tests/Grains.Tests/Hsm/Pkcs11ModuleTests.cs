using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class Pkcs11ModuleTests(TokenFixture token)
{
    // Lanes never call it on their way, so it is not among the functions that are made to fail there.
    private const Pkcs11Function C_Initialize = 0;

    // A device that is away when the service starts, and comes back, needs no restart of the service.
    [Fact]
    public void A_module_that_did_not_start_may_start_later()
    {
        using var shim = new Shim(token.NewFolder());
        shim.Order(C_Initialize, CKR.CKR_DEVICE_ERROR);
        var error = Assert.Throws<HsmSetupException>(() => Pkcs11Module.Load(shim.ModulePath));
        Assert.Contains("CKR_DEVICE_ERROR", error.Message, StringComparison.Ordinal);
        var module = Pkcs11Module.Load(shim.ModulePath);
        Assert.NotNull(module.FindSlot(token.Options.Addresses.Single()));
        Assert.Same(module, Pkcs11Module.Load(shim.ModulePath));
    }
}
