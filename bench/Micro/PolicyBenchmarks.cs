using BenchmarkDotNet.Attributes;
using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Micro;

/// <summary>What one call costs when its caller is a RAM user: the last of so many statements allows it. And what reading a document of almost full length costs.</summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private const int MaxLength = 6144;

    private static readonly AccessRequest Request = new()
    {
        Action = "kms:Encrypt",
        Resource = "acs:kms:local-1:1000000000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        PrincipalArn = "acs:ram::1000000000000001:user/alice",
        Now = DateTimeOffset.UnixEpoch,
        SourceAddress = SourceAddress.Parse("192.0.2.1"),
        ResourceTags = [new("Owner", "me"), new("Project", "Apollo")],
    };

    private readonly string _document = Document(56);
    private PolicySet _set = new([]);

    [Params(1, 10, 50)] public int Statements { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _set = new([new("Custom", "bench", "v1", PolicyDocument.Parse(Document(Statements), int.MaxValue))]);
        if (_set.Evaluate(in Request) != Verdict.Allow || _document.Length is < 5900 or > MaxLength) throw new InvalidOperationException("This measures something else.");
    }

    [Benchmark(Baseline = true)] public int Evaluate() => (int)_set.Evaluate(in Request);

    [Benchmark] public object Parse() => PolicyDocument.Parse(_document, MaxLength);

    private static string Document(int statements) => $$"""{"Version":"1","Statement":[{{string.Join(',', Enumerable.Range(0, statements - 1).Select(Other).Append(Last))}}]}""";

    // In turn another action, another key, another condition.
    private static string Other(int number) => (number % 3) switch
    {
        0 => """{"Effect":"Allow","Action":["kms:List*","kms:Describe*","kms:Decrypt"],"Resource":"*"}""",
        1 => $$"""{"Effect":"Allow","Action":"kms:*crypt","Resource":["acs:kms:*:*:key/0000{{number:D4}}-*","acs:kms:*:*:alias/*"]}""",
        _ => """{"Effect":"Deny","Action":"kms:*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":["192.0.2.0/24","2001:db8::/32"]}}}""",
    };

    private const string Last =
        """{"Effect":"Allow","Action":["kms:Decrypt","kms:Encrypt"],"Resource":"acs:kms:*:*:key/*","Condition":{"StringEqualsIgnoreCase":{"kms:tag/Project":["Apollo"]}}}""";
}
