using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class RootKeyTests(TokenFixture token)
{
    [Theory]
    [InlineData(CKA.CKA_TOKEN, true), InlineData(CKA.CKA_PRIVATE, true), InlineData(CKA.CKA_LOCAL, true)]
    [InlineData(CKA.CKA_SENSITIVE, true), InlineData(CKA.CKA_ALWAYS_SENSITIVE, true)]
    [InlineData(CKA.CKA_EXTRACTABLE, false), InlineData(CKA.CKA_NEVER_EXTRACTABLE, true), InlineData(CKA.CKA_MODIFIABLE, false)]
    [InlineData(CKA.CKA_WRAP, true), InlineData(CKA.CKA_UNWRAP, true)]
    [InlineData(CKA.CKA_ENCRYPT, false), InlineData(CKA.CKA_DECRYPT, false), InlineData(CKA.CKA_SIGN, false), InlineData(CKA.CKA_VERIFY, false)]
    public void Root_key_can_only_wrap(CKA attribute, bool expected) =>
        Assert.Equal(expected, WithRootKey((session, root) => session.GetAttributeValue(root, [attribute])[0].GetValueAsBool()));

    [Fact]
    public void Root_key_is_named_by_label_and_id() => WithRootKey((session, root) =>
    {
        var names = session.GetAttributeValue(root, [CKA.CKA_LABEL, CKA.CKA_ID]);
        Assert.All(names, name => Assert.Equal("kms-root-1", name.GetValueAsString()));
        return true;
    });

    [Fact]
    public void Root_key_works_with_one_mechanism_only() => WithRootKey((session, root) =>
    {
        using var template = KeyTemplate.NewMaterial();
        using var generating = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        using var otherWrapping = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_WRAP);
        var key = session.GenerateKey(generating, template.Attributes);
        var error = Assert.Throws<Pkcs11Exception>(() => session.WrapKey(otherWrapping, root, key));
        Assert.Equal(CKR.CKR_MECHANISM_INVALID, error.RV);
        return true;
    });

    [Fact]
    public void Root_key_cannot_be_read() => WithRootKey((session, root) =>
    {
        Assert.True(session.GetAttributeValue(root, [CKA.CKA_VALUE])[0].CannotBeRead);
        return true;
    });

    [Fact]
    public void Generated_keys_leave_nothing_in_the_token()
    {
        using var session = token.OpenSession();
        var keys = (InToken: Count(isToken: true), InSessions: Count(isToken: false));
        for (var i = 0; i < 20; i++) Assert.Equal(40, session.GenerateAesKey().Bytes.Length);
        Assert.Equal((1, keys.InSessions), (Count(isToken: true), Count(isToken: false)));
        Assert.Equal(1, keys.InToken);
    }

    [Fact]
    public void Keys_in_use_can_neither_leave_the_token_nor_wrap()
    {
        using var session = token.OpenSession();
        TokenObjects.Look(token.Options, look =>
        {
            using var inSession = Pkcs11Module.Factories.ObjectAttributeFactory.Create(CKA.CKA_TOKEN, false);
            var key = look.FindAllObjects([inSession]).Single();
            var values = look.GetAttributeValue(key, [CKA.CKA_SENSITIVE, CKA.CKA_EXTRACTABLE, CKA.CKA_WRAP, CKA.CKA_UNWRAP, CKA.CKA_ENCRYPT, CKA.CKA_DECRYPT]);
            Assert.Equal([true, false, false, false, true, true], values.Select(value => value.GetValueAsBool()));
            return true;
        });
    }

    private int Count(bool isToken) => TokenObjects.Count(token.Options, isToken);

    private T WithRootKey<T>(Func<ISession, IObjectHandle, T> look)
    {
        return TokenObjects.Look(token.Options, session =>
        {
            using var template = KeyTemplate.FindRootKey(1);
            return look(session, session.FindAllObjects(template.Attributes).Single());
        });
    }
}
