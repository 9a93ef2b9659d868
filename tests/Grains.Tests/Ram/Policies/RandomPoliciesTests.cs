using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

/// <summary>Policies of chance are decided as the rules say, by two evaluators that have nothing in common.</summary>
public sealed class RandomPoliciesTests
{
    private const int Sets = 600;
    private const int RequestsPerSet = 10;

    [Theory]
    [InlineData(1UL), InlineData(2UL), InlineData(3UL)]
    public void Verdict_and_deciding_statement_are_those_of_the_plain_rules(ulong seed)
    {
        var dice = new Dice(seed);
        var random = new RandomPolicies(dice);
        var verdicts = new Dictionary<Verdict, int>();
        for (var i = 0; i < Sets; i++)
        {
            var documents = Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => random.Document()).ToArray();
            var set = Asking.Set(documents);
            for (var j = 0; j < RequestsPerSet; j++)
            {
                var request = random.Request();
                var (verdict, document, statement) = NaiveEvaluator.Evaluate(documents, request);
                var decision = set.Explain(in request);
                var isSame = decision.Verdict == verdict && set.Evaluate(in request) == verdict
                    && decision.Policy?.Name == (document is null ? null : $"policy-{document}") && decision.Statement == statement;
                Assert.True(isSame, $"seed {seed}, set {i}, request {j}: expected {verdict} of {document}, {statement}, got {decision}\n{request}\n{string.Join('\n', documents)}");
                verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
            }
        }

        // Chance that never meets a case has not tested it.
        Assert.All(Enum.GetValues<Verdict>(), verdict => Assert.True(verdicts.GetValueOrDefault(verdict) > Sets, $"seed {seed}: {verdict} {verdicts.GetValueOrDefault(verdict)} times"));
    }
}
