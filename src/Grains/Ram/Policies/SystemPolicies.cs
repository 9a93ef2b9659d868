namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>The system policies.</summary>
internal static class SystemPolicies
{
    /// <summary>All of them, in the order in which they are listed.</summary>
    public static IReadOnlyList<SystemPolicy> All { get; } =
    [
        new("AdministratorAccess", "Everything in the account.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "*",
                  "Resource": "*"
                }
              ]
            }
            """),
        new("ReadOnlyAccess", "Reading, in all services. No cryptography and no secret values.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "*:Describe*", "*:List*", "kms:GetPublicKey", "kms:GetKeyPolicy", "kms:GetKeyDefaultPolicy",
                    "kms:GetSecretPolicy", "kms:GetSecretDefaultPolicy", "kms:GetKmsInstance", "ram:Get*", "actiontrail:Get*",
                    "actiontrail:LookupEvents"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunKMSFullAccess", "Everything in KMS.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "kms:*",
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunKMSReadOnlyAccess", "Reading in KMS. No cryptography and no secret values.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "kms:List*", "kms:Describe*", "kms:GetPublicKey", "kms:GetKeyPolicy", "kms:GetKeyDefaultPolicy",
                    "kms:GetSecretPolicy", "kms:GetSecretDefaultPolicy", "kms:GetKmsInstance"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunKMSCryptoUserAccess", "Use of keys in KMS.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:AsymmetricEncrypt", "kms:AsymmetricDecrypt", "kms:AsymmetricSign", "kms:AsymmetricVerify",
                    "kms:GetPublicKey", "kms:GenerateMac", "kms:VerifyMac"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunKMSCryptoAdminAccess", "Administration of keys and aliases in KMS, not their use.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "kms:CreateKey", "kms:DescribeKey", "kms:ListKeys", "kms:UpdateKeyDescription", "kms:EnableKey",
                    "kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:SetDeletionProtection",
                    "kms:CreateKeyVersion", "kms:DescribeKeyVersion", "kms:ListKeyVersions", "kms:UpdateRotationPolicy",
                    "kms:GetParametersForImport", "kms:ImportKeyMaterial", "kms:DeleteKeyMaterial", "kms:GetPublicKey",
                    "kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias", "kms:ListAliases", "kms:ListAliasesByKeyId",
                    "kms:TagResource", "kms:UntagResource", "kms:TagResources", "kms:UntagResources", "kms:ListResourceTags",
                    "kms:ListTagResources"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunKMSSecretUserAccess", "Use of secrets in KMS.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "kms:GetSecretValue", "kms:DescribeSecret", "kms:ListSecretVersionIds"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunKMSSecretAdminAccess", "Administration of secrets in KMS, without reading their values.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "kms:CreateSecret", "kms:DescribeSecret", "kms:ListSecrets", "kms:UpdateSecret", "kms:DeleteSecret",
                    "kms:RestoreSecret", "kms:PutSecretValue", "kms:UpdateSecretVersionStage", "kms:UpdateSecretRotationPolicy",
                    "kms:RotateSecret", "kms:ListSecretVersionIds", "kms:GetRandomPassword", "kms:TagResource", "kms:UntagResource",
                    "kms:TagResources", "kms:UntagResources", "kms:ListResourceTags", "kms:ListTagResources"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunRAMFullAccess", "Everything in RAM.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "ram:*",
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunRAMReadOnlyAccess", "Reading in RAM.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "ram:Get*", "ram:List*"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunSTSAssumeRoleAccess", "Assuming roles that trust the caller.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "sts:AssumeRole",
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunActionTrailFullAccess", "Everything in ActionTrail.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "actiontrail:*",
                  "Resource": "*"
                }
              ]
            }
            """),
        new("AliyunActionTrailReadOnlyAccess", "Reading in ActionTrail.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "actiontrail:Describe*", "actiontrail:Get*", "actiontrail:List*", "actiontrail:LookupEvents"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
    ];

    private static readonly Dictionary<string, SystemPolicy> ByName = All.ToDictionary(policy => policy.Name);

    /// <summary>The policy of that name, in its exact spelling.</summary>
    public static SystemPolicy? Find(string name) => ByName.GetValueOrDefault(name);
}
