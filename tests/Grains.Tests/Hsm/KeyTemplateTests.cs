using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class KeyTemplateTests
{
    // Where the bytes lay afterwards nobody can look, so the type has to do.
    [Fact]
    public void Material_from_outside_the_token_is_wiped_with_its_template()
    {
        using var template = KeyTemplate.KnownMaterial(new byte[32]);
        Assert.IsType<WipedAttribute>(Assert.Single(template.Attributes, attribute => attribute.Type == (ulong)CKA.CKA_VALUE));
    }
}
