using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Settings of the PKCS#11 tokens, bound from <c>Kms:Hsm</c>.</summary>
internal sealed class HsmOptions
{
    /// <summary>The PKCS#11 module: the vendor's shared library. Default: SoftHSM2 where distributions install it.</summary>
    public string ModulePath { get; set; } = "";

    /// <summary>Label of the token, up to 32 characters. Without label, serial number, slot and <see cref="Tokens"/>: a SoftHSM2 token in the data folder.</summary>
    public string TokenLabel { get; set; } = "";

    /// <summary>Serial number of the token, up to 16 characters.</summary>
    public string TokenSerial { get; set; } = "";

    /// <summary>Number of the token's slot. Label and serial number are surer: slots are renumbered when tokens are initialised.</summary>
    public ulong? Slot { get; set; }

    /// <summary>File that holds the user PIN: it must show in neither environment nor command line.</summary>
    public string PinFile { get; set; } = "";

    /// <summary>Several tokens instead of one, all with copies of the same root keys. Each lane has one of them as its home and fails over to the others.</summary>
    public IList<HsmTokenOptions> Tokens { get; } = [];

    /// <summary>The tokens, one at least.</summary>
    public IReadOnlyList<TokenAddress> Addresses => Tokens.Count == 0
        ? [new(ModulePath, TokenLabel, TokenSerial, Slot, PinFile)]
        : [.. Tokens.Select(token => new TokenAddress(token.ModulePath.Length > 0 ? token.ModulePath : ModulePath, token.TokenLabel, token.TokenSerial, token.Slot, token.PinFile))];

    /// <summary>
    /// Threads per silo and token that call it for AES. Default 1: two make SoftHSM slower, a network HSM needs as many as its round trip demands.
    /// </summary>
    [Range(1, 64, ErrorMessage = "Kms:Hsm:Lanes is from 1 to 64")]
    public int Lanes { get; set; } = 1;

    /// <summary>
    /// Threads per silo and token that use private keys in it. Default 2: such calls take up to milliseconds each, for which AES calls must not wait, and SoftHSM does them
    /// side by side. One thread more makes RSA key pairs.
    /// </summary>
    [Range(1, 64, ErrorMessage = "Kms:Hsm:AsymmetricLanes is from 1 to 64")]
    public int AsymmetricLanes { get; set; } = 2;

    /// <summary>Calls that may wait in one lane; one more is refused. Default 1024.</summary>
    [Range(1, 65_536, ErrorMessage = "Kms:Hsm:QueueLength is from 1 to 65536")]
    public int QueueLength { get; set; } = 1024;

    /// <summary>
    /// How long a caller waits for its answer. Default 5 seconds, at most 12: after 15 the silo itself gives up. With several tokens all of them together have 12. A call that has
    /// begun is not interrupted by it, but a lane that is at one for longer is out of order until that ends.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:12", ErrorMessage = "Kms:Hsm:CallTimeout is from 00:00:00.100 to 00:00:12")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a caller waits until its RSA key pair is begun. Default 20 seconds, which is also the most: making it may take 15 more, and after 40 the silo itself gives up
    /// a call that makes a pair.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:20", ErrorMessage = "Kms:Hsm:GenerationTimeout is from 00:00:01 to 00:00:20")]
    public TimeSpan GenerationTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Unwrapped keys that one lane keeps in the token. Default 4096; SoftHSM takes about 15 KiB of memory for each.</summary>
    [Range(1, 100_000, ErrorMessage = "Kms:Hsm:HandleCacheSize is from 1 to 100000")]
    public int HandleCacheSize { get; set; } = 4096;
}
