using Orleans.Kms.Errors;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Contracts.Tests.Listing;

public sealed class TagQueryTests
{
    public static TheoryData<TagQuery, KmsErrorCode?> Rows => new()
    {
        { new([], [], null), null },
        { new(new Guid[50], [], null), null },
        { new(new Guid[51], [], null), KmsErrorCode.InvalidParameter },
        { new(null!, [], null), KmsErrorCode.InvalidParameter },
        { new([], Conditions(20), null), null },
        { new([], Conditions(21), null), KmsErrorCode.InvalidParameter },
        { new([], null!, null), KmsErrorCode.InvalidParameter },
        { new([], [new("acs:a", null)], null), KmsErrorCode.InvalidParameter },
        { new([], [new("a", "1"), new("a", "2")], null), KmsErrorCode.DuplicateTagKey },
        { new([], [], new('t', 1024)), null },
        { new([], [], new('t', 1025)), KmsErrorCode.InvalidParameter },
    };

    [Theory, MemberData(nameof(Rows))]
    public void Queries_that_ask_too_much_are_refused(TagQuery query, KmsErrorCode? expected) =>
        Assert.Equal(expected, (Record.Exception(() => query.Checked()) as KmsException)?.Code);

    private static TagCondition[] Conditions(int count) => [.. Enumerable.Range(0, count).Select(i => new TagCondition($"k{i}", null))];
}
