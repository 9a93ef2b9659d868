using System.Reflection;
using System.Text;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Docs;

/// <summary>docs/api.md is made from the code; a difference fails. To write it anew: <c>KMS_WRITE_DOCS=1 dotnet test tests/Grains.Tests --filter ApiTable</c>.</summary>
public sealed class ApiTableTests
{
    private static readonly Dictionary<string, KmsActionAttribute> Declared = typeof(KmsActionAttribute).Assembly.GetTypes().Where(type => type.IsInterface)
        .SelectMany(type => type.GetMethods()).Select(method => method.GetCustomAttribute<KmsActionAttribute>()).OfType<KmsActionAttribute>()
        .DistinctBy(action => action.Action).ToDictionary(action => action.Action);

    private static string File => Path.Combine(Root(), "docs", "api.md");

    [Fact]
    public void The_table_is_up_to_date()
    {
        var made = Write();
        if (Environment.GetEnvironmentVariable("KMS_WRITE_DOCS") == "1") System.IO.File.WriteAllText(File, made);
        Assert.Equal(made, System.IO.File.ReadAllText(File));
    }

    // DescribeRegions needs no grain: it tells what the gateway is configured with.
    [Fact]
    public void Gateway_and_grains_have_the_same_actions() => Assert.Equal(ActionTable.Names, Declared.Keys.Append("DescribeRegions").Order(StringComparer.Ordinal));

    private static string Write()
    {
        var text = new StringBuilder(
            """
            # The actions

            Made from the code by a test (`KMS_WRITE_DOCS=1 dotnet test tests/Grains.Tests --filter ApiTable`); it fails when this page is out of date.

            API version 2016-01-20 (RAM and STS: [who may do what](ram.md); ActionTrail: [the trail](trail.md)). The last four columns say in which state of the CMK an action is carried out, or with which code it is
            refused. Kind: which CMKs an action is for; others are refused, before their state is looked at, with the code given.

            | action | access | resource | kind | Enabled | Disabled | PendingDeletion | PendingImport |
            | --- | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var name in ActionTable.Names) text.AppendLine(Row(name));
        text.Append(
            """

            Parameters, limits and answers are those of the cloud service's documents, with these choices where they leave one:

            - Not offered: Secrets Manager, dedicated instances. An action that is not in the table answers `InvalidAction.NotFound`; a parameter that is not offered answers `UnsupportedOperation`
              and is never passed over.
            - A key id, key ARN or (where the documents allow it) alias names a CMK. Answers always give the key id. A malformed name is as unknown.
            - Every unusable ciphertext (damaged, truncated, of a CMK that is not here any more, with another context) gives one and the same `InvalidParameter`. The cloud service's documents name
              `Forbidden.KeyNotFound` for a blob whose CMK is not there; here nobody learns from an answer which part of a blob was changed.
            - At protection level HSM a spec or algorithm that the token lacks is refused with `UnsupportedOperation`, naming it (SoftHSM2: OAEP with SHA-256, SM2, SM4). DescribeService tells the specs.
            - CreateKey at protection level HSM is refused with `Unsupported.ProtectionLevel` in a region that does not offer it (`Kms:Regions`), and everywhere without a token (`Kms:RootKeyFile`).
            - What is missing is told before what is malformed, that before what there is not, then the CMK's kind, then its state.
            - There are no request rates. `Rejected.Throttling` says that too much waits already: for the token (`Kms:Hsm:QueueLength`; eight RSA key pairs), for a core to calculate on, or for
              the database; or that requests came faster than they could be remembered. A later try may succeed.
            - A CMK with deletion protection refuses ScheduleKeyDeletion with `Rejected.UnsupportedOperation`.
            - `DryRun=true` on cryptographic actions: `DryRunOperationError` if the call would succeed, `AccessDeniedError` without permission, `ValidationError` with the real code in its message
              otherwise; HTTP status 400.
            - TagResources, UntagResources, ListTagResources: `RegionId` is required and not compared; there are no secrets. With `Tag.N` the list shows all tags of the CMKs that carry each of them.
            - CreateKeyVersion: asymmetric CMKs, seven days after the last version. Symmetric CMKs get versions by their rotation policy, 7 to 730 days.
            - GetKeyPolicy and SetKeyPolicy: `Forbidden.KeyPolicyUnSupported`, as the cloud service answers for keys outside dedicated instances. OpenKmsService: `Forbidden.Opened`.
            - Import: `WrappingKeySpec` RSA_2048 with RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1 or RSAES_OAEP_SHA_256, and EC_SM2 with SM2PKE for Aliyun_SM4. At level HSM GetParametersForImport refuses
              with `UnsupportedOperation` what the token cannot unwrap inside (SoftHSM2: OAEP with SHA-256), unless `Kms:AllowImportOutsideHsm` is set; then KeyMetadata says
              `"ImportedOutsideHsm":"True"` from the first such import on. Whatever is wrong with the material gives one and the same `InvalidKeyMaterial`. The key version id of a CMK of origin
              EXTERNAL never changes; without material DescribeKey leaves `PrimaryKeyVersion` out. Material has expired from the second in `KeyMaterialExpireUnix` on; in lists filtered by state this
              may show up to a minute later. [The layout of a blob](ciphertext.md) lets you decrypt with your own copy.
            - SM2 signatures are over the digest SM3(Z, M), DER; SM2 ciphertexts are C1, C3, C2.

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Row(string name)
    {
        if (!Declared.TryGetValue(name, out var action)) return $"| {name} | none | none | | | | | |";
        var cells = Enum.TryParse<KeyOperation>(name, out var operation)
            ? string.Join(" | ", new[] { KeyState.Enabled, KeyState.Disabled, KeyState.PendingDeletion, KeyState.PendingImport }.Select(state => Cell(KeyStateMatrix.Refusal(operation, state))))
            : " | | |";
        var kind = Enum.IsDefined(operation) && Enum.TryParse<KeyOperation>(name, out _) ? Kind(operation) : "";
        return $"| {name} | {(action.Access == ActionAccess.Read ? "read" : "write")} | {Resource(action.Resource)} | {kind} | {cells} |";
    }

    private static string Cell(KmsErrorCode? refusal) => refusal is { } code ? $"`{code.ApiCode()}`" : "yes";

    private static string Kind(KeyOperation operation)
    {
        var refusals = new List<KmsErrorCode>();
        var fitting = new List<string>();
        foreach (var (spec, usage, kind) in new[]
        {
            (KeySpec.Aes256, KeyUsage.EncryptDecrypt, "symmetric"), (KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, "asymmetric ENCRYPT/DECRYPT"), (KeySpec.Rsa2048, KeyUsage.SignVerify, "asymmetric SIGN/VERIFY"),
        })
        {
            if (KeyFitness.Refusal(operation, spec, usage, KeyOrigin.Kms) is { } refusal) refusals.Add(refusal);
            else fitting.Add(kind);
        }
        if (fitting.Count == 0) return $"Origin EXTERNAL; else `{refusals[0].ApiCode()}`";
        return refusals.Count == 0 ? "any" : $"{string.Join(", ", fitting)}; else {string.Join(", ", refusals.Distinct().Select(code => $"`{code.ApiCode()}`"))}";
    }

    private static string Resource(ResourceKind kind) => kind switch
    {
        ResourceKind.Key => "the CMK",
        ResourceKind.Keys => "the CMKs",
        ResourceKind.KeyContainer => "`key`",
        ResourceKind.SourceAndDestination => "both CMKs",
        ResourceKind.Alias => "the alias and its CMKs",
        ResourceKind.AliasContainer => "`alias`",
        ResourceKind.Service => "the service (`*`)",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "Orleans.Kms.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not inside the repository.");
        return folder;
    }
}
