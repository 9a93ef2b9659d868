using Orleans.Kms.Errors;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Contracts.Tests.Listing;

public sealed class PageRequestTests
{
    [Theory]
    [InlineData(1, 1, null)]
    [InlineData(int.MaxValue, 100, null)]
    [InlineData(0, 10, "PageNumber")]
    [InlineData(1, 0, "PageSize")]
    [InlineData(1, 101, "PageSize")]
    public void Pages_that_cannot_be_are_refused_by_name(int number, int size, string? named)
    {
        var error = Record.Exception(() => PageRequest.Check(new(number, size))) as KmsException;
        Assert.Equal(named is null ? null : $"The specified parameter {named} is not valid.", error?.Message);
    }
}
