using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>What TagResource and UntagResource are about: exactly one of a CMK, a secret and a certificate. This service has CMKs only.</summary>
internal static class TaggedResource
{
    /// <summary>Refuses everything but one CMK.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.MissingParameter"/>: none is named; <see cref="KmsErrorCode.InvalidParameter"/>: several are; <see cref="KmsErrorCode.ResourceNotFound"/>: a secret;
    /// <see cref="KmsErrorCode.CertificateNotFound"/>.
    /// </exception>
    public static void RequireKey(ActionCall call)
    {
        var (key, secret, certificate) = (call.Text("KeyId") is not null, call.Text("SecretName") is not null, call.Text("CertificateId") is not null);
        if (key && (secret || certificate)) throw KmsException.InvalidParameter("KeyId");
        if (secret && certificate) throw KmsException.InvalidParameter("SecretName");
        if (secret) throw new KmsException(KmsErrorCode.ResourceNotFound);
        if (certificate) throw new KmsException(KmsErrorCode.CertificateNotFound);
        if (!key) throw KmsException.MissingParameter("KeyId");
    }
}
