using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Keys;

public sealed class MaterialRulesTests
{
    private static readonly DateTimeOffset Expiry = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly KeyVersionRecord Version = new(Guid.NewGuid(), Expiry.AddDays(-1), [1, 2, 3]);

    [Theory]
    [InlineData(KeyState.Enabled, -1, KeyState.Enabled, true)]
    [InlineData(KeyState.Enabled, 0, KeyState.PendingImport, false)]
    [InlineData(KeyState.Disabled, -1, KeyState.Disabled, true)]
    [InlineData(KeyState.Disabled, 0, KeyState.PendingImport, false)]
    [InlineData(KeyState.PendingDeletion, -1, KeyState.PendingDeletion, true)]
    [InlineData(KeyState.PendingDeletion, 0, KeyState.PendingDeletion, false)]
    public void Material_is_gone_from_its_second_on(KeyState state, int seconds, KeyState expected, bool hasMaterial)
    {
        var record = MaterialRules.At(Record(state), Expiry.AddSeconds(seconds));
        Assert.Equal((expected, hasMaterial, hasMaterial ? Expiry : null), (record.State, record.Primary().HasMaterial, record.MaterialExpiresAt));
        Assert.Equal(Version.Id, record.Primary().Id);
        Assert.Equal([9], record.MaterialCheck);
    }

    [Fact]
    public void Material_without_an_expiry_stays() =>
        Assert.Equal(KeyState.Enabled, MaterialRules.At(Record(KeyState.Enabled) with { MaterialExpiresAt = null }, DateTimeOffset.MaxValue).State);

    [Theory]
    [InlineData(KeyState.PendingImport, KeyState.Enabled)]
    [InlineData(KeyState.Enabled, KeyState.Enabled)]
    [InlineData(KeyState.Disabled, KeyState.Disabled)]
    public void An_import_changes_the_state(KeyState before, KeyState after)
    {
        var record = MaterialRules.With(Record(before), new([7], [8], Expiry.AddDays(3), IsOutsideHsm: false));
        Assert.Equal((after, Expiry.AddDays(3)), (record.State, record.MaterialExpiresAt!.Value));
        Assert.Equal((Version.Id, Version.CreatedAt), (record.Primary().Id, record.Primary().CreatedAt));
        Assert.Equal([7], record.Primary().Material);
        Assert.Equal([8], record.MaterialCheck);
    }

    [Theory, InlineData(false, false, false), InlineData(false, true, true), InlineData(true, false, true)]
    public void What_was_once_outside_the_hsm_stays_marked(bool before, bool now, bool after) =>
        Assert.Equal(after, MaterialRules.With(Record(KeyState.Enabled) with { IsImportedOutsideHsm = before }, new([7], [8], null, now)).IsImportedOutsideHsm);

    [Theory, InlineData(true, KeyState.Enabled), InlineData(false, KeyState.PendingImport)]
    public void A_saved_key_waits_for_material_that_it_lacks(bool hasMaterial, KeyState after)
    {
        var record = Record(KeyState.PendingDeletion);
        Assert.Equal(after, MaterialRules.StateAfterCancel(hasMaterial ? record : MaterialRules.Without(record)));
    }

    private static KeyRecord Record(KeyState state) => new() { State = state, Origin = KeyOrigin.External, MaterialExpiresAt = Expiry, MaterialCheck = [9], Versions = [Version] };
}
