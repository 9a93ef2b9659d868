using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

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

    /// <summary>Fails unless all these parameters are there: what is missing is told before what is malformed, and that before what there is not.</summary>
    public void Require(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!Parameters.TryGet(name, out _)) throw KmsException.MissingParameter(name);
        }
    }

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

    /// <summary>The value of a required truth value.</summary>
    public bool RequiredFlag(string name)
    {
        Require(name);
        return Flag(name);
    }

    /// <summary>The bytes of a required Base64 text, a copy that the caller wipes if they are secret.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: no Base64, or more than <paramref name="maxBytes"/>.</exception>
    public byte[] RequiredBase64(string name, int maxBytes)
    {
        if (!Parameters.TryGet(name, out var text)) throw KmsException.MissingParameter(name);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        var decoded = Base64.DecodeFromUtf8(text, bytes, out _, out var length) == OperationStatus.Done && length <= maxBytes;
        if (decoded && length == bytes.Length) return bytes;
        var exact = decoded ? bytes[..length] : null;
        CryptographicOperations.ZeroMemory(bytes);
        return exact ?? throw KmsException.InvalidParameter(name);
    }

    /// <summary>The UUID of a required key version. What is no UUID names no version: that is <see cref="Guid.Empty"/>, which no key has.</summary>
    public Guid RequiredVersion(string name = "KeyVersionId") => KeyId.TryParse(Required(name), out var id) ? id : Guid.Empty;

    /// <summary>The page that is wanted.</summary>
    public PageRequest Page() => PageRequest.Check(new(Integer("PageNumber") ?? PageRequest.DefaultNumber, Integer("PageSize") ?? PageRequest.DefaultSize));

    /// <summary>An answer meant for a recipient's enclave must not go out in clear.</summary>
    public void RefuseRecipient()
    {
        if (Text("Recipient") is not null) throw new KmsException(KmsErrorCode.UnsupportedOperation, "Recipient is not supported.");
    }

    public override string ToString() => nameof(ActionCall);

    /// <summary>The parameters whose name begins with <paramref name="prefix"/>, without it.</summary>
    public IEnumerable<KeyValuePair<string, string>> WithPrefix(string prefix)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            var name = Parameters.Name(i);
            if (name.Length >= prefix.Length && Ascii.Equals(name[..prefix.Length], prefix))
            {
                yield return new(Encoding.UTF8.GetString(Parameters.Name(i)[prefix.Length..]), Encoding.UTF8.GetString(Parameters.Value(i)));
            }
        }
    }
}
