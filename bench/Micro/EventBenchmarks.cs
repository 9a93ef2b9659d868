using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Micro;

/// <summary>What it costs to say what the trail tells of one call of Encrypt.</summary>
[MemoryDiagnoser]
public class EventBenchmarks
{
    private const string Account = "1000000000000001";

    private static readonly DateTimeOffset Time = new(2026, 3, 1, 8, 16, 2, TimeSpan.Zero);
    private static readonly EncryptResult Result = new(Guid.CreateVersion7(Time), new byte[100]);

    private readonly EventMaker _events = new(Options.Create(new KmsOptions()));
    private readonly CallRule _rule = CallRule.Of(typeof(IKeyGrain).GetMethod(nameof(IKeyGrain.Encrypt))!);
    private readonly Guid _id = Guid.CreateVersion7(Time);
    private readonly Rights _rights = Rights.OfUser(Account, new("alice", []));
    private Caller _caller = null!;
    private IIncomingGrainCallContext _call = null!;

    [Params(0, 2)] public int ContextPairs { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var facts = new RequestFacts(_id.ToString().ToUpperInvariant(), "192.0.2.1", "AlibabaCloud (linux; x64) Node.js/v20.11.0 Core/1.0.1 TeaDSL/2", "kms.example.com", true);
        _caller = new(Account, "LTAIexampleAlice01", "209900000000000017", null, Time.AddMinutes(5), facts);
        var context = EncryptionContext.Of(Enumerable.Range(0, ContextPairs).Select(i => new KeyValuePair<string, string>($"key{i}", "value")));
        _call = new StandInCall(KeyId.GrainKey(Account, Guid.CreateVersion7(Time)), new byte[32], context);
        if (Make().Json.Length < 900) throw new InvalidOperationException("This measures something else.");
    }

    [Benchmark] public object Made() => Make();

    private TrailEvent Make() => _events.OfCall(_rule, _call, _caller, _rights, Time, _id, Result, null);
}
