using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Delivery;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail.Reading;

/// <summary>The trails and events of one account.</summary>
internal sealed class TrailAccount(TestKms kms, string id)
{
    public string Id => id;

    /// <summary>To name it signs the calls that follow in this asynchronous flow in as the account's root.</summary>
    public IActionTrailGrain Trails
    {
        get
        {
            kms.SignIn(id);
            return kms.Grains.GetGrain<IActionTrailGrain>(id);
        }
    }

    /// <summary>Puts an event into the trail, as if such a call had been made now.</summary>
    public async Task<Guid> Record(string eventName, string rw = "Read", string user = "alice", string region = "local-1", bool isGlobal = false, DateTimeOffset? at = null)
    {
        var time = at ?? kms.Clock.GetUtcNow();
        var eventId = Guid.CreateVersion7(time);
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            eventId = eventId.ToString("D").ToUpperInvariant(), eventName, eventRW = rw, eventTime = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            acsRegion = region, isGlobal, serviceName = "Kms", userIdentity = new { userName = user }, recipientAccountId = id,
        });
        var values = new[] { (TrailField.EventName, eventName), (TrailField.EventRW, rw), (TrailField.User, user) };
        TrailTerm[] terms = [.. values.Where(term => TrailTerm.IsKept(term.Item1, term.Item2)).Select(term => TrailTerm.Of(term.Item1, term.Item2))];
        await kms.Services.GetRequiredService<TrailWriter>().Record(new(AccountNumber.Of(id), time, eventId, json, terms));
        return eventId;
    }

    /// <summary>A page of the account's events.</summary>
    public Task<EventPage> Lookup(
        int max = 50, string? token = null, string? direction = null, DateTimeOffset? start = null, DateTimeOffset? end = null, params (string Key, string Value)[] attributes) =>
        Trails.LookupEvents(new(start, end, direction, max, token, [.. attributes.Select(a => new Orleans.Kms.Trail.EventFilter(a.Key, a.Value))]));

    /// <summary>The names of the events of a page.</summary>
    public static string[] Names(EventPage page) => [.. page.Events.Select(Name)];

    /// <summary>An event's name.</summary>
    public static string Name(byte[] json) => JsonDocument.Parse(json).RootElement.GetProperty("eventName").GetString()!;

    /// <summary>Has all deliveries of the account look for something to do, from every silo.</summary>
    public Task Deliver()
    {
        kms.Services.GetRequiredService<SiloPass>().Attach();
        return Task.WhenAll(Deliveries().SelectMany(delivery => kms.Silos.Select(silo => silo.GetRequiredService<IGrainFactory>().GetGrain<ITrailDeliveryGrain>(delivery).Deliver())));
    }

    /// <summary>The ids of the deliveries of the account that are not over.</summary>
    public List<string> Deliveries()
    {
        using var connection = kms.Folder.Kms.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql("SELECT delivery_id FROM kms_trail_delivery WHERE account_id = @account", ("@account", id)).Rows(reader => reader.GetString(0));
    }

    /// <summary>The whole code that a call fails with.</summary>
    public static async Task<string> Code(Func<Task> call) => (await Assert.ThrowsAsync<KmsException>(call)).ApiCode;

    /// <summary>The text of an event.</summary>
    public static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
