using Orleans.Kms.Manifests.Tests.Checks;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests;

/// <summary>The checks find what they look for: each row spoils the rendered cluster in one place.</summary>
public sealed class CheckTests
{
    [Theory]
    [InlineData("  maxUnavailable: 1\n", "  maxUnavailble: 1\n")]
    [InlineData("        orleans/serviceId: kms\n", "        orleans/serviceId: kms\n        orleans/serviceId: kms\n")]
    [InlineData("  minReadySeconds: 10\n", "  minReadySeconds: ten\n")]
    [InlineData("          value: \"true\"\n", "          value: true\n")]
    [InlineData("kind: Deployment\n", "kind: Deploy\n")]
    [InlineData("    path: /metrics\n", "    paths: /metrics\n")]
    [InlineData("  renewBefore: 1440h\n", "  renewBefore: 1440\n")]
    public void Strict_reading(string text, string spoilt) => Assert.ThrowsAny<Exception>(() => Overlay.Read(Spoil(text, spoilt)));

    [Theory]
    [InlineData("targetPort: https", "targetPort: http", "goes to port http")]
    [InlineData("serviceAccountName: kms-silo", "serviceAccountName: kms", "service account that is not there")]
    [InlineData("serviceName: kms-silo", "serviceName: kms-gateway", "no headless service")]
    [InlineData("    kind: Deployment\n    name: kms-gateway", "    kind: Deployment\n    name: gateway", "scales nothing")]
    [InlineData("  minReadySeconds: 5\n", "  replicas: 2\n", "which every apply goes back to")]
    [InlineData("- kind: ServiceAccount\n  name: kms-silo", "- kind: ServiceAccount\n  name: default", "is not there")]
    [InlineData("    port: monitoring\n  selector", "    port: metrics\n  selector", "is not scraped")]
    [InlineData("        app.kubernetes.io/component: silo\n        app.kubernetes.io/name", "        app.kubernetes.io/component: silos\n        app.kubernetes.io/name", "does not select its own pods")]
    [InlineData("    name: kms-authority\n", "    name: authority\n", "names no issuer")]
    public void Names(string text, string spoilt, string fault) => Contains(NameFaults.Of, text, spoilt, fault);

    [Theory]
    [InlineData("          name: softhsm\n", "          name: softhsm2\n", "which is not there")]
    [InlineData("secretName: kms-hsm-pin", "secretName: kms-pin", "not in the README's table")]
    [InlineData("key: connection-string", "key: url", "not in the README's table")]
    [InlineData("/etc/kms/hsm-pin/pin", "/etc/kms/hsm-pin/user", "brings the file")]
    [InlineData("/etc/kms/softhsm/softhsm2.conf", "/etc/kms/softhsm/softhsm.conf", "brings the file")]
    [InlineData("- configMapRef:\n            name: kms-settings-", "- configMapRef:\n            name: settings-", "from what is not there")]
    public void References_to_nothing(string text, string spoilt, string fault) => Contains(ReferenceFaults.Of, text, spoilt, fault);

    [Theory]
    [InlineData("runAsNonRoot: true", "runAsNonRoot: false", "may run as root")]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "can write its root")]
    [InlineData("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "may gain privileges")]
    [InlineData("            - ALL\n", "            - NET_RAW\n", "keeps capabilities")]
    [InlineData("type: RuntimeDefault", "type: Unconfined", "no seccomp profile")]
    [InlineData("          defaultMode: 288\n", "          defaultMode: 420\n", "can be read by others")]
    [InlineData("      automountServiceAccountToken: false\n", "      automountServiceAccountToken: true\n", "a token of the Kubernetes API")]
    [InlineData("enforce: restricted", "enforce: baseline", "not restricted")]
    public void Security(string text, string spoilt, string fault) => Contains(SecurityFaults.Of, text, spoilt, fault);

    [Theory]
    [InlineData("            port: monitoring\n", "            port: https\n", "probed at a port")]
    [InlineData("path: /readyz", "path: /ready", "no readiness probe")]
    [InlineData("terminationGracePeriodSeconds: 45", "terminationGracePeriodSeconds: 30", "killed before")]
    [InlineData("orleans-kms-gateway:0.1.0", "orleans-kms-gateway:latest", "has no version")]
    [InlineData("orleans-kms-gateway:0.1.0", "orleans-kms-gateway", "has no version")]
    [InlineData("orleans-kms-gateway:0.1.0", "orleans-kms-gateway:0.0.1", "is not of version")]
    [InlineData("containerPort: 8443", "containerPort: 8080", "listens nowhere")]
    public void Services(string text, string spoilt, string fault) => Contains(ServiceFaults.Of, text, spoilt, fault);

    private static void Contains(Func<Overlay, IEnumerable<string>> check, string text, string spoilt, string fault) =>
        Assert.Contains(check(Overlay.Read(Spoil(text, spoilt))), found => found.Contains(fault, StringComparison.Ordinal));

    private static string Spoil(string text, string spoilt)
    {
        var yaml = Overlay.Yaml("cluster");
        Assert.Contains(text, yaml, StringComparison.Ordinal);
        return yaml.Replace(text, spoilt, StringComparison.Ordinal);
    }
}
