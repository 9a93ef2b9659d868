using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Kms.Client.Envelope;
using Orleans.Kms.Client.GrainStorage;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Silo;
using Orleans.Serialization;
using Orleans.Storage;

namespace Orleans.Kms.Client.Tests;

/// <summary>An application that is a silo of its own cluster, with the state of its grains under a CMK.</summary>
[Collection(ServiceTests.Name)]
public sealed class GrainStorageTests(ServiceFixture fixture) : IAsyncLifetime
{
    private string _keyId = "";
    private Application _application = null!;

    public async Task InitializeAsync()
    {
        _keyId = await TestService.CreateKey(fixture.Root);
        _application = await Application.Start(fixture.Service, "application", options => options.KeyId = _keyId);
    }

    public async Task DisposeAsync() => await _application.DisposeAsync();

    [Fact]
    public async Task State_is_stored_sealed_and_read_again()
    {
        var grain = _application.Note("one");
        await grain.Write("very private", "also private");
        await _application.Reload(grain);
        Assert.Equal(("very private", "also private"), await grain.Read());
        Assert.Equal(2, _application.Rows.Count);
        foreach (var row in _application.Rows.Values) Assert.DoesNotContain("private", Encoding.UTF8.GetString(row.Payload), StringComparison.Ordinal);

        await grain.Write("changed", "too");
        await grain.Clear();
        Assert.Empty(_application.Rows);
        Assert.Equal(("", ""), await grain.Read());
        await grain.Write("once", "more");
        await _application.Reload(grain);
        Assert.Equal(("once", "more"), await grain.Read());
    }

    [Fact]
    public async Task A_row_in_the_place_of_another_one_is_refused()
    {
        var (one, two) = (_application.Note("a"), _application.Note("b"));
        await one.Write("1", "2");
        await two.Write("3", "4");
        await _application.Reload(one);
        await _application.Reload(two);
        _application.Exchange(one, "first", two, "first");
        await AssertRefused(KmsErrorCode.InvalidParameter, one.Read);
        await AssertRefused(KmsErrorCode.InvalidParameter, two.Read);
        _application.Exchange(one, "first", two, "first");
        Assert.Equal(("1", "2"), await one.Read());

        await _application.Reload(one);
        _application.Exchange(one, "first", one, "second");
        await AssertRefused(KmsErrorCode.InvalidParameter, one.Read);
    }

    [Fact]
    public async Task State_of_another_application_and_state_that_was_never_sealed_are_refused()
    {
        var grain = _application.Note("mine");
        await grain.Write("1", "2");
        await _application.Reload(grain);
        await using (var other = await Application.Start(fixture.Service, "other", options => options.KeyId = _keyId))
        {
            foreach (var (name, row) in _application.Rows) other.Rows[name] = row;
            await AssertRefused(KmsErrorCode.InvalidParameter, other.Note("mine").Read);
        }
        _application.Rows[RowStorage.Name("first", grain.GetGrainId())] = (Encoding.UTF8.GetBytes("""{"Text":"plain"}"""), 1);
        await AssertRefused(KmsErrorCode.InvalidParameter, grain.Read);
    }

    [Fact]
    public async Task A_changed_row_is_refused()
    {
        var grain = _application.Note("changed");
        await grain.Write("1", "2");
        await _application.Reload(grain);
        _application.Damage(grain, "first");
        await AssertRefused(KmsErrorCode.InvalidParameter, grain.Read);
    }

    [Fact]
    public async Task A_disabled_CMK_keeps_state_from_being_read_and_says_so()
    {
        var grain = _application.Note("disabled");
        await grain.Write("1", "2");
        var key = await fixture.Root.Grain<IKeyGrain>(KeyId.GrainKey(TestService.Account, Guid.Parse(_keyId)));
        await key.Disable();
        // An application that starts now has no data key.
        await using (var later = await Application.Start(fixture.Service, "application", options => options.KeyId = _keyId))
        {
            foreach (var (name, row) in _application.Rows) later.Rows[name] = row;
            await AssertRefused(KmsErrorCode.KeyDisabled, later.Note("disabled").Read);
            await key.Enable();
            Assert.Equal(("1", "2"), await later.Note("disabled").Read());
        }
    }

    [Fact]
    public async Task The_grains_own_flow_stays_as_it_is() => Assert.False(await _application.Note("flow").KeepsToken());

    [Fact]
    public async Task Other_storages_and_serializers_do_as_well()
    {
        await using var application = await Application.Start(fixture.Service, "memory", options => options.KeyId = _keyId, silo =>
        {
            silo.AddMemoryGrainStorage("rows");
            silo.Services.AddKeyedSingleton<IGrainStorageSerializer>("encrypted", (services, _) => new OrleansGrainStorageSerializer(services.GetRequiredService<Serializer>()));
        });
        var grain = application.Note("one");
        await grain.Write("1", "2");
        await application.Reload(grain);
        Assert.Equal(("1", "2"), await grain.Read());
        await grain.Clear();
        await application.Reload(grain);
        Assert.Equal(("", ""), await grain.Read());
    }

    [Fact]
    public async Task The_storage_behind_may_keep_the_sealed_bytes_as_they_are()
    {
        await using var application = await Application.Start(fixture.Service, "bytes", options => options.KeyId = _keyId, silo =>
            silo.Services.AddKeyedSingleton<IGrainStorage>("rows", (_, _) => new RowStorage(new SealedStateSerializer())));
        var grain = application.Note("one");
        await grain.Write("1", "2");
        await application.Reload(grain);
        Assert.Equal(("1", "2"), await grain.Read());
        Assert.All(application.Rows.Values, row => Assert.Equal([1, 0], row.Payload[..2]));
        Assert.Throws<InvalidOperationException>(() => new SealedStateSerializer().Serialize(new Note()));
        Assert.Throws<InvalidOperationException>(() => new SealedStateSerializer().Deserialize<Note>(new BinaryData([1])));
    }

    [Fact]
    public void The_storage_behind_has_a_name_of_its_own() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddEncryptedGrainStorage("same", "same", _ => { }));

    // Orleans puts failures of a storage into one of its own.
    private static async Task AssertRefused(KmsErrorCode expected, Func<Task> call) =>
        Assert.Equal(expected, Assert.IsType<KmsException>((await Assert.ThrowsAsync<OrleansException>(call)).GetBaseException()).Code);

    /// <summary>A silo of another cluster.</summary>
    private sealed class Application(IHost host, HeldPort siloPort, HeldPort gatewayPort) : IAsyncDisposable
    {
        public System.Collections.Concurrent.ConcurrentDictionary<string, (byte[] Payload, int Version)> Rows =>
            ((RowStorage)host.Services.GetRequiredKeyedService<IGrainStorage>("rows")).Rows;

        public static async Task<Application> Start(TestService service, string serviceId, Action<EnvelopeOptions> configure, Action<ISiloBuilder>? storage = null)
        {
            var (siloPort, gatewayPort) = (new HeldPort(), new HeldPort());
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.UseOrleans(silo =>
            {
                silo.UseLocalhostClustering(siloPort.Number, gatewayPort.Number, serviceId: serviceId, clusterId: "app");
                silo.Services.AddKmsClient(service.Connect);
                silo.Services.AddEncryptedGrainStorage("encrypted", "rows", configure);
                if (storage is not null) storage(silo);
                else silo.Services.AddKeyedSingleton<IGrainStorage>("rows", (services, _) => new RowStorage(services.GetRequiredService<IGrainStorageSerializer>()));
            });
            var host = builder.Build();
            await host.StartAsync();
            return new(host, siloPort, gatewayPort);
        }

        public INoteGrain Note(string key) => host.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>(key);

        /// <summary>Ends an activation; the next call reads what is stored.</summary>
        public async Task Reload(IAddressable grain)
        {
            await ((INoteGrain)grain).Deactivate();
            await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        }

        public void Exchange(IAddressable one, string oneState, IAddressable two, string twoState)
        {
            var (first, second) = (RowStorage.Name(oneState, one.GetGrainId()), RowStorage.Name(twoState, two.GetGrainId()));
            (Rows[first], Rows[second]) = ((Rows[second].Payload, Rows[first].Version), (Rows[first].Payload, Rows[second].Version));
        }

        public void Damage(IAddressable grain, string state)
        {
            var name = RowStorage.Name(state, grain.GetGrainId());
            var text = Encoding.UTF8.GetString(Rows[name].Payload);
            // A letter in the middle of the Base64 text.
            var at = text.Length / 2;
            Rows[name] = (Encoding.UTF8.GetBytes(text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..]), Rows[name].Version);
        }

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
            siloPort.Dispose();
            gatewayPort.Dispose();
        }
    }
}
