using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Client.Connection;
using Orleans.Kms.Client.Envelope;

namespace Orleans.Kms.Client.Tests;

public sealed class OptionsTests
{
    public static readonly TheoryData<string, Action<KmsClientOptions>> Wrong = new()
    {
        { "either Gateways or Database", options => options.Gateways.Clear() },
        { "either Gateways or Database", options => options.Database = "Host=db" },
        { "no host:port", options => options.Gateways.Add("localhost") },
        { "ClusterId", options => options.ClusterId = "" },
        { "belong together", options => options.CertificateFile = "/dev/null" },
        { "no usable PEM", options => (options.CertificateFile, options.KeyFile, options.AuthorityFile) = ("/dev/null", "/dev/null", "/dev/null") },
        { "no usable PEM", options => (options.CertificateFile, options.KeyFile, options.AuthorityFile) = ("/nowhere", "/dev/null", "/dev/null") },
        { "set one of", options => (options.AccessKeyId, options.AccessKeySecret) = ("", "") },
        { "set one of", options => options.CredentialsFile = "/dev/null" },
        { "set one of", options => options.Credentials = _ => new(new KmsCredentials("a", "b")) },
        { "belong together", options => options.AccessKeySecret = "" },
        { "SecurityToken has more", options => options.SecurityToken = new('a', 12289) },
        { "UserAgent", options => options.UserAgent = "" },
        { "UserAgent", options => options.UserAgent = new('a', 513) },
        { "CallTimeout is", options => options.CallTimeout = TimeSpan.FromSeconds(0.9) },
        { "CallTimeout is", options => options.CallTimeout = TimeSpan.FromSeconds(301) },
        { "TryTimeout is", options => options.TryTimeout = TimeSpan.FromSeconds(31) },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Options_that_make_no_sense_are_refused(string reason, Action<KmsClientOptions> change)
    {
        using var services = Services(change);
        Assert.Contains(reason, Assert.Throws<OptionsValidationException>(services.GetRequiredService<KmsClient>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_needs_TLS()
    {
        using var services = Services(options =>
        {
            options.Gateways.Clear();
            options.Database = "Host=db";
        });
        Assert.Contains("needs TLS", Assert.Throws<OptionsValidationException>(services.GetRequiredService<KmsClient>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_have_names_where_there_are_several()
    {
        var services = new ServiceCollection();
        foreach (var name in new[] { "one", "two" }) services.AddKmsClient(name, Right);
        await using var provider = services.BuildServiceProvider();
        Assert.NotSame(provider.GetRequiredKeyedService<KmsClient>("one"), provider.GetRequiredKeyedService<KmsClient>("two"));
        Assert.Same(provider.GetRequiredKeyedService<KmsClient>("one"), provider.GetRequiredKeyedService<KmsClient>("one"));
        Assert.Null(provider.GetService<KmsClient>());
        Assert.Null(provider.GetService<IClusterClient>());
        Assert.Null(provider.GetService<IGrainFactory>());
    }

    [Theory]
    [InlineData("127.0.0.1:30000", "127.0.0.1", 30000)]
    [InlineData("silo-1.kms.svc:1", "silo-1.kms.svc", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void Gateways_are_host_and_port(string text, string host, int port)
    {
        Assert.True(GatewayEndpoint.TryParse(text, out var endpoint));
        Assert.Equal(new GatewayEndpoint(host, port), endpoint);
    }

    [Theory, InlineData(""), InlineData(":1"), InlineData("a"), InlineData("a:"), InlineData("a:0"), InlineData("a:65536"), InlineData("a:-1"), InlineData("a b:1"), InlineData("a/b:1")]
    public void What_is_no_gateway_is_refused(string text) => Assert.False(GatewayEndpoint.TryParse(text, out _));

    [Fact]
    public async Task Without_TLS_only_loopback_is_connected_to()
    {
        var plain = new ListedGateways([new("localhost", 1), new("127.0.0.1", 2)], isEncrypted: false);
        Assert.Equal(2, (await plain.GetGateways()).Count);
        var far = new ListedGateways([new("127.0.0.1", 1), new("10.0.0.1", 2)], isEncrypted: false);
        await Assert.ThrowsAsync<InvalidOperationException>(far.GetGateways);
        Assert.Equal(2, (await new ListedGateways([new("127.0.0.1", 1), new("10.0.0.1", 2)], isEncrypted: true).GetGateways()).Count);
    }

    [Theory]
    [InlineData("KeyId", "neither")]
    [InlineData("FormerKeyIds", "neither")]
    [InlineData("KeyContext", "KeyContext")]
    [InlineData("MaxAge", "MaxAge")]
    [InlineData("MaxUses", "MaxUses")]
    [InlineData("MaxBytes", "MaxBytes")]
    [InlineData("MaxOpenedKeys", "MaxOpenedKeys")]
    public async Task Envelope_options_that_make_no_sense_are_refused(string name, string reason)
    {
        var options = new EnvelopeOptions { KeyId = "alias/a" };
        switch (name)
        {
            case "KeyId": options.KeyId = "a"; break;
            case "FormerKeyIds": options.FormerKeyIds.Add(""); break;
            case "KeyContext": options.KeyContext["a"] = new('a', 9000); break;
            case "MaxAge": options.MaxAge = TimeSpan.FromDays(1.1); break;
            case "MaxUses": options.MaxUses = 0; break;
            case "MaxBytes": options.MaxBytes = 0; break;
            default: options.MaxOpenedKeys = 100_001; break;
        }
        await using var services = Services(_ => { });
        var client = services.GetRequiredService<KmsClient>();
        Assert.Contains(reason, Assert.Throws<OptionsValidationException>(() => client.Envelope(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_print_no_secret() => Assert.Equal("KmsCredentials id", new KmsCredentials("id", "secret", "token").ToString());

    private static ServiceProvider Services(Action<KmsClientOptions> change)
    {
        var services = new ServiceCollection();
        services.AddKmsClient(options =>
        {
            Right(options);
            change(options);
        });
        return services.BuildServiceProvider();
    }

    private static void Right(KmsClientOptions options)
    {
        options.Gateways.Add("127.0.0.1:30000");
        (options.AccessKeyId, options.AccessKeySecret) = ("id", "secret");
    }
}
