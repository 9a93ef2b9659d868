using System.Data.Common;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Trail.Delivery;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <content>Trails.</content>
internal sealed partial class ActionTrailGrain
{
    private const int MaxNames = 100;

    public async Task<TrailDescription> CreateTrail(string name, TrailSettings settings)
    {
        TrailNames.Trail(name);
        var now = Now;
        var trail = Rules.New(new(RamId.New(), name, TrailState.Fresh, TrailNames.All, TrailNames.All, "", "", "", now, now, null, null, null, null), settings);
        // Before anything is written into the bucket.
        await Read(command => RequireFree(command, name));
        await buckets.Probe(AccountId, trail.Bucket, trail.Prefix, now);
        return Describe(await Change<TrailRow>((command, _) =>
        {
            RequireFree(command, name);
            return writing =>
            {
                TrailTable.Insert(writing, AccountId, trail);
                return trail;
            };
        }));
    }

    public async Task<TrailDescription> UpdateTrail(string name, TrailSettings settings)
    {
        TrailNames.Trail(name);
        var wanted = Rules.Changed(await Read(command => Require(command, name)), settings);
        await buckets.Probe(AccountId, wanted.Bucket, wanted.Prefix, Now);
        return Describe(await Change<TrailRow>((command, ends) =>
        {
            var trail = Rules.Changed(Require(command, name), settings) with { UpdatedAt = Now };
            return writing =>
            {
                TrailTable.Update(writing, AccountId, trail);
                if (trail.State != TrailState.Enable) return trail;
                // What was recorded before goes where it was to go.
                DeliveryTable.End(writing, trail.Id, ends);
                DeliveryTable.Begin(writing, AccountId, trail, ends);
                return trail;
            };
        }));
    }

    public Task DeleteTrail(string name)
    {
        TrailNames.Trail(name);
        return Change<bool>((command, ends) =>
        {
            var trail = Require(command, name);
            return writing =>
            {
                DeliveryTable.End(writing, trail.Id, ends);
                TrailTable.Delete(writing, AccountId, trail.Id);
                return true;
            };
        });
    }

    public async Task<TrailDescription[]> DescribeTrails(string[]? nameList)
    {
        if (nameList is { Length: > MaxNames }) throw TrailErrors.Invalid("NameList", $"has up to {MaxNames} names");
        var trails = await Read(command => TrailTable.List(command, AccountId));
        return [.. trails.Where(trail => nameList is null || nameList.Contains(trail.Name)).Select(Describe)];
    }

    public async Task<TrailStatus> GetTrailStatus(string name)
    {
        TrailNames.Trail(name);
        var trail = await Read(command => Require(command, name));
        return new(Describe(trail), trail.DeliveredAt, trail.DeliveryError);
    }

    public Task StartLogging(string name)
    {
        TrailNames.Trail(name);
        return Change<bool>((command, ends) =>
        {
            var trail = Require(command, name);
            return writing =>
            {
                if (trail.State == TrailState.Enable) return false;
                TrailTable.Update(writing, AccountId, trail with { State = TrailState.Enable, StartedAt = Now });
                DeliveryTable.Begin(writing, AccountId, trail, ends);
                return true;
            };
        });
    }

    public Task StopLogging(string name)
    {
        TrailNames.Trail(name);
        return Change<bool>((command, ends) =>
        {
            var trail = Require(command, name);
            return writing =>
            {
                if (trail.State != TrailState.Enable) return false;
                TrailTable.Update(writing, AccountId, trail with { State = TrailState.Disable, StoppedAt = Now });
                DeliveryTable.End(writing, trail.Id, ends);
                return true;
            };
        });
    }

    private TrailRules Rules => new(options.Value.RegionIds);

    private bool RequireFree(DbCommand command, string name)
    {
        var trails = TrailTable.List(command, AccountId);
        if (trails.Any(trail => trail.Name == name)) throw TrailErrors.AlreadyExists(name);
        return trails.Count < Limits.TrailsPerAccount ? true : throw TrailErrors.LimitExceeded(Limits.TrailsPerAccount);
    }

    private TrailRow Require(DbCommand command, string name) => TrailTable.Find(command, AccountId, name) ?? throw TrailErrors.NotFound(name);

    private TrailDescription Describe(TrailRow trail)
    {
        var region = options.Value.RegionId;
        return new(
            trail.Name, trail.State, trail.EventRW, trail.TrailRegion, region, $"acs:actiontrail:{region}:{AccountId}:trail/{trail.Name}", trail.Bucket, trail.Prefix, trail.WriteRoleArn,
            trail.CreatedAt, trail.UpdatedAt, trail.StartedAt, trail.StoppedAt);
    }
}
