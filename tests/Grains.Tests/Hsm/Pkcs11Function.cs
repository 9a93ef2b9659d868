namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>The functions of PKCS#11 that lanes call, by their place in CK_FUNCTION_LIST.</summary>
public enum Pkcs11Function
{
    C_GetSlotList = 4,
    C_GetTokenInfo = 6,
    C_OpenSession = 12,
    C_CloseSession = 13,
    C_Login = 18,
    C_DestroyObject = 22,
    C_GetAttributeValue = 24,
    C_FindObjectsInit = 26,
    C_FindObjects = 27,
    C_FindObjectsFinal = 28,
    C_EncryptInit = 29,
    C_Encrypt = 30,
    C_DecryptInit = 33,
    C_Decrypt = 34,
    C_SignInit = 42,
    C_Sign = 43,
    C_GenerateKey = 58,
    C_GenerateKeyPair = 59,
    C_WrapKey = 60,
    C_UnwrapKey = 61,
}
