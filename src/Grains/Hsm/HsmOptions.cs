using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Settings of the PKCS#11 token, bound from <c>Kms:Hsm</c>.</summary>
internal sealed class HsmOptions
{
    /// <summary>The PKCS#11 module of the token's vendor, a shared library.</summary>
    [Required]
    public string ModulePath { get; set; } = "";

    /// <summary>The label of the token. Slots are found by it: their numbers change.</summary>
    [Required]
    public string TokenLabel { get; set; } = "";

    /// <summary>File that holds the user PIN: it must show in neither environment nor command line.</summary>
    [Required]
    public string PinFile { get; set; } = "";

    /// <summary>How many sessions, each with a thread of its own, work at once. Default 1: SoftHSM's AES gets slower with more; a network HSM wants several.</summary>
    [Range(1, 64)]
    public int Lanes { get; set; } = 1;

    /// <summary>How many calls may wait for one lane; further ones are refused with a throttling error. Default 1024.</summary>
    [Range(1, 65536)]
    public int QueueLength { get; set; } = 1024;

    /// <summary>How long a call waits for the token before it fails as unavailable. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many unwrapped keys one lane keeps in the token. Default 4096.</summary>
    [Range(1, 1_000_000)]
    public int HandleCacheSize { get; set; } = 4096;
}
