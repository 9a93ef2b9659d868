namespace Orleans.Kms.Grains.Hsm;

/// <summary>Checks what <see cref="HsmOptions"/> say about tokens.</summary>
internal static class TokenSettings
{
    // Fields of CK_TOKEN_INFO.
    private const int LabelLength = 32;
    private const int SerialLength = 16;

    /// <summary>All faults, each one line for the operator, with the names of the settings.</summary>
    public static IEnumerable<string> Faults(HsmOptions options)
    {
        var single = options.Tokens.Count == 0;
        var addresses = options.Addresses;
        if (!single && (options.TokenLabel.Length > 0 || options.TokenSerial.Length > 0 || options.Slot is not null || options.PinFile.Length > 0))
        {
            yield return "Kms:Hsm names a token itself and others in Kms:Hsm:Tokens; move it there";
        }
        for (var i = 0; i < addresses.Count; i++)
        {
            var (address, section) = (addresses[i], single ? "Kms:Hsm" : $"Kms:Hsm:Tokens:{i}");
            if (address.ModulePath.Length == 0)
            {
                yield return $"SoftHSM2 is not installed (run: sudo apt-get install softhsm2), and {section}:ModulePath names no other PKCS#11 module; "
                    + "to do without, and without protection level HSM, name a file in Kms:RootKeyFile";
            }
            if (!single && address.IsNameless) yield return $"{section} has to name its token by TokenLabel, TokenSerial or Slot";
            if (address.Label.Length > LabelLength) yield return $"{section}:TokenLabel has at most {LabelLength} characters";
            if (address.Serial.Length > SerialLength) yield return $"{section}:TokenSerial has at most {SerialLength} characters";
            if (!address.IsNameless && address.PinFile.Length == 0) yield return $"{section}:PinFile has to name the file with the PIN of the token {address.Name}";
            if (single && address.IsNameless && address.PinFile.Length > 0) yield return $"{section}:PinFile is given, but no token: name it by TokenLabel, TokenSerial or Slot";
            for (var other = 0; other < i; other++)
            {
                if (!address.IsNameless && address.ModulePath.Length > 0 && addresses[other].ModulePath.Length > 0 && address.SameToken(addresses[other])) yield return $"{section} is the same token as Kms:Hsm:Tokens:{other}";
            }
        }
    }
}
