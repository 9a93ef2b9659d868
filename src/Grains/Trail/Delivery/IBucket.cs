namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>Where objects are delivered to.</summary>
internal interface IBucket
{
    /// <summary>Writes an object. Afterwards it is there for good, complete; the same again changes nothing.</summary>
    /// <param name="name">Its name, with slashes.</param>
    /// <param name="content">Its content.</param>
    /// <param name="cancellation">Ends the wait, not necessarily the work.</param>
    /// <exception cref="BucketException">It cannot be written.</exception>
    Task Write(string name, byte[] content, CancellationToken cancellation);
}

/// <summary>A bucket that cannot be written.</summary>
/// <param name="reason">Why, in words that an account's users may hear: nothing of the machine.</param>
/// <param name="inner">What the operator may hear.</param>
internal sealed class BucketException(string reason, Exception? inner = null) : Exception(reason, inner);
