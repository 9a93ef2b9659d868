using System.Globalization;
using System.Net;
using Orleans.Kms.Silo;

namespace Orleans.Kms.Client.Tests;

/// <summary>The samples, with the settings that their READMEs give.</summary>
[Collection(ClusterTests.Name)]
public sealed class SampleTests(ClusterFixture cluster) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-samples-");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task They_run_against_the_service_in_one_process()
    {
        int http, gateway;
        using (HeldPort one = new(), two = new()) (http, gateway) = (one.Number, two.Number);
        var data = Path.Combine(_folder.FullName, "data");
        string[] arguments = [ServiceProgram.Built("src/Silo", "Orleans.Kms.Silo.dll"), "--port", http.ToString(CultureInfo.InvariantCulture), "--data", data];
        var environment = new Dictionary<string, string>
        {
            ["Kms__Orleans__GatewayPort"] = gateway.ToString(CultureInfo.InvariantCulture), ["Kms__RootKeyFile"] = Path.Combine(_folder.FullName, "root.keys"),
        };
        await using var service = await ServiceProgram.Start("Orleans.Kms is ready", "dotnet", arguments, environment);
        await RunAll(new Dictionary<string, string> { ["Kms__Gateways__0"] = $"127.0.0.1:{gateway}", ["Kms__CredentialsFile"] = Path.Combine(data, "credentials.json") });
    }

    [Fact]
    public async Task They_run_against_a_cluster()
    {
        await cluster.Start();
        await RunAll(cluster.ByDatabase);
    }

    private async Task RunAll(IReadOnlyDictionary<string, string> settings)
    {
        Assert.Contains("Sealed 10000 rows, opened: row 9999", await Run("DirectCalls", settings), StringComparison.Ordinal);

        var first = await Run("EncryptedGrainState", settings);
        Assert.Contains("Refused: The specified parameter CiphertextBlob is not valid.", first, StringComparison.Ordinal);
        Assert.Contains("Read again: Ann's diary", first, StringComparison.Ordinal);
        Assert.DoesNotContain("This should not be read", first, StringComparison.Ordinal);
        Assert.Contains("Ann's note of the last run: Ann's diary", await Run("EncryptedGrainState", settings), StringComparison.Ordinal);

        var text = "";
        await Serve(settings, async http => text = await http.GetStringAsync(new Uri("/protect?text=hello", UriKind.Relative)));
        await Serve(settings, async http =>
        {
            Assert.Equal("hello", await http.GetStringAsync(new Uri($"/unprotect?text={text}", UriKind.Relative)));
            Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(new Uri("/unprotect?text=hello", UriKind.Relative))).StatusCode);
        });
    }

    private Task<string> Run(string sample, IReadOnlyDictionary<string, string> settings) => ServiceProgram.Run("dotnet", [Program(sample)], settings, _folder.FullName);

    private async Task Serve(IReadOnlyDictionary<string, string> settings, Func<HttpClient, Task> use)
    {
        int port;
        using (var free = new HeldPort()) port = free.Number;
        var url = $"http://127.0.0.1:{port}";
        await using var program = await ServiceProgram.Start("Now listening on", "dotnet", [Program("DataProtection"), "--urls", url, "--contentRoot", _folder.FullName], settings, _folder.FullName);
        using var http = new HttpClient { BaseAddress = new(url) };
        await use(http);
    }

    private static string Program(string sample) => ServiceProgram.Built($"samples/{sample}", $"Orleans.Kms.{sample}.dll");
}
