namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>IpAddress and NotIpAddress.</summary>
internal sealed class AddressCondition(ConditionKey key, bool isNegated, AddressRange[] values) : Condition(key, isNegated)
{
    protected override bool Matches(in AccessRequest request)
    {
        if ((Key.IsSourceIp ? request.SourceAddress : SourceAddress.Parse(Key.Text(in request))) is not { } address) return false;
        foreach (var range in values)
        {
            if (range.Contains(address)) return true;
        }
        return false;
    }
}
