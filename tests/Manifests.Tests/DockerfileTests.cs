using System.Text.Json;
using Orleans.Kms.Manifests.Tests.Containers;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests;

public sealed class DockerfileTests
{
    public static TheoryData<string> Files => [.. Image.All.Select(image => image.File).Distinct().Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Fact]
    public void The_manifests_images_are_built_here_or_the_vendors()
    {
        var used = Overlay.Names.SelectMany(name => Overlay.Render(name).Workloads).SelectMany(workload => workload.Containers).Select(container => container.Image).Distinct();
        Assert.Equal([.. Image.All.Select(image => image.Name).Order(), "orleans-kms-hsm-client:1.0.0"], used.OrderBy(name => name.Contains("hsm-client", StringComparison.Ordinal)).ThenBy(name => name));
        Assert.All(Image.All, image => Assert.Equal(Repository.Version, image.Name.Split(':')[1]));
    }

    [Theory, MemberData(nameof(Files))]
    public void Base_images_have_a_version(string file) => Assert.All(Stages(file), stage =>
        Assert.True(Stages(file).Any(other => other.Name == stage.From) || stage.From.Split(':') is [_, not "latest"], stage.From));

    [Theory, MemberData(nameof(Files))]
    public void The_SDK_is_one_that_the_repository_takes(string file)
    {
        using var global = JsonDocument.Parse(File.ReadAllText(Repository.Find("global.json")));
        var sdk = global.RootElement.GetProperty("sdk");
        Assert.Equal("latestPatch", sdk.GetProperty("rollForward").GetString());
        var wanted = sdk.GetProperty("version").GetString()!;
        var given = Stages(file)[0].From.Split(':')[1].Split('-')[0];
        // The hundreds of the last part are the feature band.
        Assert.Equal(wanted[..^2], given[..^2]);
        Assert.True(Version.Parse(given) >= Version.Parse(wanted), given);
    }

    [Fact]
    public void Every_image_runs_as_the_user_that_the_manifests_name()
    {
        Assert.All(Image.All, image => Assert.Equal("$APP_UID", image.User));
        // The value of APP_UID in the base images.
        Assert.All(Overlay.Names.SelectMany(name => Overlay.Render(name).Workloads), workload => Assert.Equal(1654, workload.Pod.SecurityContext.RunAsUser));
    }

    [Theory, MemberData(nameof(Files))]
    public void Packages_are_installed_without_what_is_not_asked_for_and_leave_no_lists(string file) => Assert.All(
        Stages(file).SelectMany(stage => stage.All("RUN")).Where(command => command.Contains("apt-get", StringComparison.Ordinal)), command =>
        {
            Assert.StartsWith("apt-get update ", command, StringComparison.Ordinal);
            Assert.Contains("--no-install-recommends", command, StringComparison.Ordinal);
            Assert.EndsWith("rm -rf /var/lib/apt/lists/*", command, StringComparison.Ordinal);
        });

    [Theory, MemberData(nameof(Files))]
    public void Nothing_is_fetched_past_the_package_managers(string file) =>
        Assert.DoesNotContain(Stages(file).SelectMany(stage => stage.Instructions), instruction => instruction.Name is "ADD" || instruction.Text.Contains("curl", StringComparison.Ordinal) || instruction.Text.Contains("wget", StringComparison.Ordinal));

    private static IReadOnlyList<DockerStage> Stages(string file) => DockerStage.Read(Repository.Find(file));
}
