using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Keys;

public sealed class KeyScheduleTests
{
    private static readonly DateTimeOffset Made = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // Rotation, expiry of material; 0 for none. Deletion is after 30 days.
    [Theory]
    [InlineData(KeyState.Enabled, 0, 0, null)]
    [InlineData(KeyState.Enabled, 7, 0, 7)]
    [InlineData(KeyState.Enabled, 0, 5, 5)]
    [InlineData(KeyState.Enabled, 7, 5, 5)]
    [InlineData(KeyState.Enabled, 7, 9, 7)]
    [InlineData(KeyState.Disabled, 7, 0, null)]
    [InlineData(KeyState.Disabled, 7, 9, 9)]
    [InlineData(KeyState.PendingImport, 7, 0, null)]
    [InlineData(KeyState.PendingDeletion, 0, 0, 30)]
    [InlineData(KeyState.PendingDeletion, 7, 0, 30)]
    [InlineData(KeyState.PendingDeletion, 0, 5, 5)]
    [InlineData(KeyState.PendingDeletion, 0, 40, 30)]
    public void What_is_due_next(KeyState state, int rotationDays, int expiryDays, int? dueAfterDays) =>
        Assert.Equal(dueAfterDays is { } days ? Made.AddDays(days) : null, KeySchedule.DueAt(Record(state, rotationDays) with { MaterialExpiresAt = expiryDays == 0 ? null : Made.AddDays(expiryDays) }));

    [Theory]
    [InlineData(KeyState.Enabled, 7, -1, false)]
    [InlineData(KeyState.Enabled, 7, 0, true)]
    [InlineData(KeyState.Disabled, 7, 0, false)]
    [InlineData(KeyState.PendingDeletion, 7, 0, false)]
    [InlineData(KeyState.Enabled, 0, 0, false)]
    public void A_rotation_is_due_from_the_second_on(KeyState state, int rotationDays, int seconds, bool due) =>
        Assert.Equal(due, KeySchedule.IsRotationDue(Record(state, rotationDays), Made.AddDays(7).AddSeconds(seconds)));

    [Theory]
    [InlineData(KeyState.PendingDeletion, -1, false)]
    [InlineData(KeyState.PendingDeletion, 0, true)]
    [InlineData(KeyState.Enabled, 0, false)]
    public void A_key_is_over_from_the_second_on(KeyState state, int seconds, bool over) =>
        Assert.Equal(over, KeySchedule.IsOver(Record(state, 0), Made.AddDays(30).AddSeconds(seconds)));

    [Theory]
    [InlineData(KeyState.Enabled, 0, AutomaticRotation.Disabled)]
    [InlineData(KeyState.Disabled, 0, AutomaticRotation.Disabled)]
    [InlineData(KeyState.Enabled, 7, AutomaticRotation.Enabled)]
    [InlineData(KeyState.Disabled, 7, AutomaticRotation.Suspended)]
    [InlineData(KeyState.PendingDeletion, 7, AutomaticRotation.Suspended)]
    public void Rotation_is_suspended_while_a_key_cannot_rotate(KeyState state, int rotationDays, AutomaticRotation expected) =>
        Assert.Equal(expected, KeySchedule.Rotation(Record(state, rotationDays)));

    [Theory, InlineData(-1, false), InlineData(0, true)]
    public void Versions_of_an_asymmetric_key_are_a_week_apart(int seconds, bool may) =>
        Assert.Equal(may, KeySchedule.MayAddVersion(Record(KeyState.Enabled, 0), Made.AddDays(7).AddSeconds(seconds)));

    private static KeyRecord Record(KeyState state, int rotationDays) => new()
    {
        State = state,
        DeletesAt = state == KeyState.PendingDeletion ? Made.AddDays(30) : null,
        RotationInterval = rotationDays == 0 ? null : TimeSpan.FromDays(rotationDays),
        Versions = [new(Guid.NewGuid(), Made, [])],
    };
}
