using System.Globalization;
using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>One authenticated call: what an action reads its parameters from and writes its answer to.</summary>
/// <param name="Parameters">The request's parameters.</param>
/// <param name="Response">Takes the answer's fields.</param>
/// <param name="Grains">The cluster. The caller's token is attached to every call already.</param>
/// <param name="AccountId">The caller's account.</param>
/// <param name="Options">The gateway's settings.</param>
internal sealed record ActionCall(RequestParameters Parameters, ResponseWriter Response, GrainReferences Grains, string AccountId, GatewayOptions Options)
{
    /// <summary>The value of an optional parameter, or null if it is absent or empty.</summary>
    public string? Text(string name) => Parameters.Text(name);

    /// <summary>The value of a required parameter.</summary>
    public string Required(string name) => Parameters.Text(name) ?? throw KmsException.MissingParameter(name);

    /// <summary>The value of a required parameter as UTF-8, a copy that the caller wipes.</summary>
    public byte[] RequiredBytes(string name) => Parameters.TryGet(name, out var value) ? value.ToArray() : throw KmsException.MissingParameter(name);

    /// <summary>The value of an optional whole number, or null.</summary>
    public int? Integer(string name) => Text(name) switch
    {
        null => null,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        _ => throw KmsException.InvalidParameter(name),
    };

    /// <summary>The value of an optional truth value, in any letter case: an SDK sends <c>True</c>. False if it is absent.</summary>
    public bool Flag(string name) => Text(name) switch
    {
        null => false,
        { } text when bool.TryParse(text, out var value) => value,
        _ => throw KmsException.InvalidParameter(name),
    };

    /// <summary>A dry run must not act, and an answer meant for a recipient's enclave must not go out in clear: neither may be passed over.</summary>
    public void RefuseUnsupported()
    {
        if (Flag("DryRun")) throw new KmsException(KmsErrorCode.UnsupportedOperation, "DryRun is not supported.");
        if (Text("Recipient") is not null) throw new KmsException(KmsErrorCode.UnsupportedOperation, "Recipient is not supported.");
    }

    public override string ToString() => nameof(ActionCall);

    /// <summary>The parameters whose name begins with <paramref name="prefix"/>, without it.</summary>
    public IEnumerable<KeyValuePair<string, string>> WithPrefix(string prefix)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            var name = Parameters.Name(i);
            if (name.Length > prefix.Length && Ascii.Equals(name[..prefix.Length], prefix))
            {
                yield return new(Encoding.UTF8.GetString(Parameters.Name(i)[prefix.Length..]), Encoding.UTF8.GetString(Parameters.Value(i)));
            }
        }
    }
}
