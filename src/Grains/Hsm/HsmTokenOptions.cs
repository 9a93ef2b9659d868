namespace Orleans.Kms.Grains.Hsm;

/// <summary>Settings of one of several tokens, bound from <c>Kms:Hsm:Tokens:N</c>. Label, serial number or slot names it; if several are given, all have to fit.</summary>
internal sealed class HsmTokenOptions
{
    /// <summary>The PKCS#11 module. Default: <see cref="HsmOptions.ModulePath"/>.</summary>
    public string ModulePath { get; set; } = "";

    /// <inheritdoc cref="HsmOptions.TokenLabel"/>
    public string TokenLabel { get; set; } = "";

    /// <inheritdoc cref="HsmOptions.TokenSerial"/>
    public string TokenSerial { get; set; } = "";

    /// <inheritdoc cref="HsmOptions.Slot"/>
    public ulong? Slot { get; set; }

    /// <inheritdoc cref="HsmOptions.PinFile"/>
    public string PinFile { get; set; } = "";
}
