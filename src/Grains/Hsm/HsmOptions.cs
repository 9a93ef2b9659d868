using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Settings of the PKCS#11 token, bound from <c>Kms:Hsm</c>.</summary>
internal sealed class HsmOptions
{
    /// <summary>The PKCS#11 module: the vendor's shared library. Default: SoftHSM2 where distributions install it.</summary>
    [Required(ErrorMessage = "SoftHSM2 is not installed (run: sudo apt-get install softhsm2), and Kms:Hsm:ModulePath names no other PKCS#11 module")]
    public string ModulePath { get; set; } = "";

    /// <summary>Label of the token; slots are found by it, because slot numbers change when tokens are initialised. Default: a SoftHSM2 token in the data folder.</summary>
    [StringLength(32, ErrorMessage = "Kms:Hsm:TokenLabel has at most 32 characters")]
    public string TokenLabel { get; set; } = "";

    /// <summary>File that holds the user PIN: it must show in neither environment nor command line.</summary>
    public string PinFile { get; set; } = "";

    /// <summary>
    /// Threads per silo that call the token for AES. Default 1: two make SoftHSM slower, a network HSM needs as many as its round trip demands.
    /// </summary>
    [Range(1, 64, ErrorMessage = "Kms:Hsm:Lanes is from 1 to 64")]
    public int Lanes { get; set; } = 1;

    /// <summary>
    /// Threads per silo that use private keys in the token. Default 2: such calls take up to milliseconds each, for which AES calls must not wait, and SoftHSM does them
    /// side by side. One thread more makes RSA key pairs.
    /// </summary>
    [Range(1, 64, ErrorMessage = "Kms:Hsm:AsymmetricLanes is from 1 to 64")]
    public int AsymmetricLanes { get; set; } = 2;

    /// <summary>Calls that may wait in one lane; one more is refused. Default 1024.</summary>
    [Range(1, 65_536, ErrorMessage = "Kms:Hsm:QueueLength is from 1 to 65536")]
    public int QueueLength { get; set; } = 1024;

    /// <summary>How long a caller waits for its answer. Default 5 seconds. A call that has begun is not interrupted by it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ErrorMessage = "Kms:Hsm:CallTimeout is from 00:00:00.100 to 00:01:00")]
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
