using k8s.Models;

namespace Orleans.Kms.Manifests.Tests.Rendering;

// Of the definitions of the Prometheus operator (v0.80) and cert-manager (v1.17), the fields that are used here: another one is an error until it is added.

internal sealed record ServiceMonitor(string ApiVersion, string Kind, V1ObjectMeta Metadata, ServiceMonitorSpec Spec);

internal sealed record ServiceMonitorSpec(V1LabelSelector Selector, IReadOnlyList<ServiceMonitorEndpoint> Endpoints);

internal sealed record ServiceMonitorEndpoint(string Port, string Path, string Interval);

internal sealed record PrometheusRule(string ApiVersion, string Kind, V1ObjectMeta Metadata, PrometheusRuleSpec Spec);

internal sealed record PrometheusRuleSpec(IReadOnlyList<PrometheusRuleGroup> Groups);

internal sealed record PrometheusRuleGroup(string Name, IReadOnlyList<PrometheusAlert> Rules, string? Interval = null);

internal sealed record PrometheusAlert(string Alert, string Expr, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, string? For = null);

internal sealed record Issuer(string ApiVersion, string Kind, V1ObjectMeta Metadata, IssuerSpec Spec);

internal sealed record IssuerSpec(SelfSignedIssuer? SelfSigned = null, AuthorityIssuer? Ca = null);

internal sealed record SelfSignedIssuer;

internal sealed record AuthorityIssuer(string SecretName);

internal sealed record Certificate(string ApiVersion, string Kind, V1ObjectMeta Metadata, CertificateSpec Spec);

internal sealed record CertificateSpec(
    string SecretName, string Duration, CertificateKey PrivateKey, IssuerReference IssuerRef, string? RenewBefore = null, string? CommonName = null, bool IsCA = false,
    IReadOnlyList<string>? DnsNames = null, IReadOnlyList<string>? Usages = null);

internal sealed record CertificateKey(string Algorithm, int Size, string? RotationPolicy = null);

internal sealed record IssuerReference(string Kind, string Name);
