namespace Orleans.Kms.Grains.Hsm;

/// <summary>How a lane is, as the metric <c>kms.hsm.lane.state</c> tells it.</summary>
internal enum LaneState
{
    /// <summary>It serves calls.</summary>
    InOrder = 0,

    /// <summary>The token failed, or hung in, the last call; other tokens come first until a call has succeeded.</summary>
    Suspect = 1,

    /// <summary>The circuit is open: calls are refused at once.</summary>
    Open = 2,

    /// <summary>Its thread waits for the token for longer than any call should take.</summary>
    Hangs = 3,
}
