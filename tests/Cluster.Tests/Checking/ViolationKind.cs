namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>The rules that a history may break.</summary>
internal enum ViolationKind
{
    /// <summary>No order of a key's calls explains their answers.</summary>
    NotLinearizable,

    /// <summary>A cryptographic call succeeded that began after the key had been taken out of use.</summary>
    StaleCryptography,

    /// <summary>What was acknowledged is not there any more.</summary>
    LostWrite,

    /// <summary>A call was answered and has no event.</summary>
    MissingEvent,

    /// <summary>A call has more than one event.</summary>
    RepeatedEvent,

    /// <summary>A blob does not open to what was encrypted.</summary>
    WrongPlaintext,
}
