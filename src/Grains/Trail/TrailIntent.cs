namespace Orleans.Kms.Grains.Trail;

/// <summary>
/// That a grain is about to make a change durable, written before it does. If the process dies before the event of the change is in the trail, the grain tells by what is in its
/// state whether the change was made, and then the event is recorded after all.
/// </summary>
/// <param name="Event">The event as it is recorded then. Its <see cref="TrailEvent.Change"/> is what the grain's state keeps of it.</param>
/// <param name="Grain">The grain, as <see cref="GrainId.ToString"/> has it. One change may be of several grains.</param>
/// <param name="BegunAt">When it was written (UTC).</param>
/// <param name="Clears">Whether the change removes the grain's state, so that nothing in it can tell.</param>
/// <param name="TookPlace">Whether it is known that the change was made, whatever became of the state since.</param>
internal sealed record TrailIntent(TrailEvent Event, string Grain, DateTimeOffset BegunAt, bool Clears, bool TookPlace = false);
