using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>
/// A pod of a manifest. Its containers run as the manifest says: user, groups, arguments, environment, volumes at their places, a root file system that cannot be written, no
/// capabilities. In place of the base image there are this machine's <c>/usr</c> and .NET.
/// </summary>
internal sealed partial class Pod
{
    // Of the base images, with the place that a container's runtime takes from their users.
    private static readonly Dictionary<string, string> BaseEnvironment = new()
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["HOME"] = Home, ["APP_UID"] = "1654", ["ASPNETCORE_HTTP_PORTS"] = "8080", ["DOTNET_RUNNING_IN_CONTAINER"] = "true",
    };

    private const string ServiceAccountPlace = "/var/run/secrets/kubernetes.io/serviceaccount";

    private const string Home = "/home/app";

    private readonly Node _node;
    private readonly NetworkNamespace _network;
    private readonly Workload _workload;

    public Pod(Node node, Workload workload, string name, string address)
    {
        (_node, _workload, Name, Address) = (node, workload, name, address);
        _network = node.Keep(node.Network.NewPod(address));
        foreach (var volume in workload.Pod.Volumes ?? []) Make(volume.Name, Files(volume));
        foreach (var claim in workload.Claims) Make(claim.Metadata.Name, []);
        if (workload.Pod.AutomountServiceAccountToken == true) Make(ServiceAccountVolume, node.ServiceAccount);
    }

    private const string ServiceAccountVolume = "kube-api-access";

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its address.</summary>
    public string Address { get; }

    /// <summary>Its container that is a service.</summary>
    public V1Container Service => _workload.Pod.Containers.Single();

    /// <summary>Starts one of its containers.</summary>
    public Container Start(string container) => _node.Keep(new Container(Words(Spec(container), null)));

    /// <summary>What has to stand before a command, so that it runs in one of its containers.</summary>
    public IReadOnlyList<string> Enter(string container) => Words(Spec(container), []);

    /// <summary>Runs another command in one of its containers, as <c>kubectl exec</c> does, and gives what it wrote.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> Execute(string container, IReadOnlyList<string> command, string? input = null)
    {
        using var running = new Container(Words(Spec(container), command), input);
        var code = await running.End();
        return code == 0 ? running.Output : throw new InvalidOperationException($"{Name}: {string.Join(' ', command)} ended with {code}: {running.Output}");
    }

    /// <summary>Asks one of the probes of its service until it succeeds or, as the kubelet would, gives up.</summary>
    public async Task Await(V1Probe probe, Container running)
    {
        using var client = _node.Network.NewClient(new SocketsHttpHandler());
        var port = _workload.Ports[probe.HttpGet.Port.Value];
        using var period = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        // Asked more often than by the kubelet, for as long as it would ask a service that starts.
        for (var tries = 5 * 120; ; tries--)
        {
            Assert.True(tries > 0 && !running.HasEnded, $"{Name} is not ready: {running.Output}");
            if (await Succeeds(client, $"http://{Address}:{port}{probe.HttpGet.Path}")) return;
            await period.WaitForNextTickAsync();
        }
    }

    private static async Task<bool> Succeeds(HttpClient client, string url)
    {
        try
        {
            using var answer = await client.GetAsync(url);
            return answer.IsSuccessStatusCode;
        }
        // Nobody listens yet.
        catch (HttpRequestException) { return false; }
    }

    /// <summary>A container's environment, by the rules of Kubernetes.</summary>
    public IReadOnlyDictionary<string, string> Environment(V1Container container)
    {
        var environment = new Dictionary<string, string>();
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (name, value) in _node.ConfigMap(_workload.Namespace, source.ConfigMapRef.Name)) environment[name] = value;
        }
        foreach (var variable in container.Env ?? [])
        {
            environment[variable.Name] = variable.ValueFrom is { } from ? Value(from) : Reference().Replace(variable.Value, match => environment[match.Groups["name"].Value]);
        }
        return environment;
    }

    private string Value(V1EnvVarSource source) => source switch
    {
        { SecretKeyRef: { } secret } => Encoding.UTF8.GetString(_node.Secrets[secret.Name][secret.Key]),
        { FieldRef.FieldPath: "metadata.name" } => Name,
        { FieldRef.FieldPath: "metadata.namespace" } => _workload.Namespace,
        { FieldRef.FieldPath: "status.podIP" } => Address,
        { FieldRef.FieldPath: { } path } when LabelPath().Match(path) is { Success: true } label => _workload.Labels[label.Groups["name"].Value],
        _ => throw new InvalidDataException("A variable comes from where this test does not look."),
    };

    private V1Container Spec(string name) => _workload.Containers.Single(container => container.Name == name);

    private Dictionary<string, byte[]> Files(V1Volume volume) => volume switch
    {
        { Secret: { } secret } => new(_node.Secrets[secret.SecretName]),
        { ConfigMap: { } map } => _node.ConfigMap(_workload.Namespace, map.Name).ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value)),
        _ => [],
    };

    // As the kubelet does it: the group may read, and write what is no secret.
    private void Make(string volume, Dictionary<string, byte[]> files)
    {
        var folder = _node.Folder(Name, volume);
        Directory.CreateDirectory(folder);
        if (files.Count > 0) Write(folder, files);
        if (_workload.Pod.SecurityContext.FsGroup is { } group) Command.Run("chgrp", "-R", $"{group}", folder);
        Command.Run("chmod", files.Count > 0 ? "0750" : _workload.Pod.SecurityContext.FsGroup is null ? "0777" : "2770", folder);
    }

    /// <summary>Brings what the secret is now into the pod's volume of it, as the kubelet does after a while.</summary>
    public void Renew(string volume) => Make(volume, Files(_workload.Pod.Volumes.Single(other => other.Name == volume)));

    // Names are links into a link to a folder, which is changed for another one at one moment.
    private static void Write(string folder, Dictionary<string, byte[]> files)
    {
        var version = $"..{Guid.NewGuid():N}";
        Directory.CreateDirectory(Path.Combine(folder, version));
        foreach (var (name, content) in files)
        {
            var file = Path.Combine(folder, version, name);
            File.WriteAllBytes(file, content);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            if (!File.Exists(Path.Combine(folder, name))) File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine("..data", name));
        }
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data_tmp"), version);
        Command.Run("mv", "--no-target-directory", Path.Combine(folder, "..data_tmp"), Path.Combine(folder, "..data"));
    }

    // Each word takes the place of the one before: what is started is the program itself, and hears the signals.
    private List<string> Words(V1Container container, IReadOnlyList<string>? command)
    {
        var image = _node.Pull(container.Image).Image;
        var pod = _workload.Pod.SecurityContext;
        return
        [
            .. _network.Enter, "unshare", "--mount", "--ipc", "--propagation", "private", "sh", "-euc", Mounts(container) + "exec \"$@\"", "pod",
            "chroot", Root, "env", "--ignore-environment", $"--chdir={image.Folder}",
            .. BaseEnvironment.Concat(KubernetesApi.Environment).Concat(image.Environment).Concat(Environment(container)).Select(variable => $"{variable.Key}={variable.Value}"),
            "setpriv", "--reuid", $"{pod.RunAsUser}", "--regid", $"{pod.RunAsGroup}", .. pod.FsGroup is { } group ? new[] { "--groups", $"{group}" } : ["--clear-groups"],
            "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all",
            .. command ?? [.. container.Command ?? [.. image.Entrypoint], .. container.Args ?? []],
        ];
    }

    private string Root => _node.Folder(Name, "root");

    // In a mount namespace of its own, with nothing left of it when the program has ended.
    private string Mounts(V1Container container)
    {
        var (image, program) = _node.Pull(container.Image);
        Directory.CreateDirectory(Root);
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"""
            mount -t tmpfs -o mode=0755,size=16m root {Root}
            cd {Root}
            mkdir -p usr proc dev etc .{Home}
            ln -s usr/bin bin; ln -s usr/lib lib; ln -s usr/lib64 lib64
            mount --bind /usr usr
            mount -o remount,bind,ro usr
            mount --rbind /proc proc
            mount --rbind /dev dev
            cp /etc/ld.so.cache etc/
            printf 'root:x:0:0:root:/root:/bin/bash\napp:x:1654:1654::{Home}:/bin/sh\n' >etc/passwd
            mount -t tmpfs -o mode=0755,size=1m root usr/local/bin

            """);
        foreach (var (source, place) in image.Copies) script.Append(CultureInfo.InvariantCulture, $"cp {Repository.Find(source)} .{place}\n");
        // What an image does not install it does not have, whatever this machine has.
        if (!image.Installs("softhsm2")) script.Append("for folder in usr/lib/softhsm usr/lib/*/softhsm; do [ ! -d $folder ] || mount -t tmpfs root $folder; done\n");
        Bind(script, program, image.Folder, isReadOnly: true);
        foreach (var mount in container.VolumeMounts) Bind(script, _node.Folder(Name, mount.Name), mount.MountPath, mount.ReadOnlyProperty == true);
        if (_workload.Pod.AutomountServiceAccountToken == true) Bind(script, _node.Folder(Name, ServiceAccountVolume), ServiceAccountPlace, isReadOnly: true);
        if (container.SecurityContext.ReadOnlyRootFilesystem == true) script.Append("mount -o remount,ro usr/local/bin\nmount -o remount,ro .\n");
        return script.ToString();
    }

    private static void Bind(StringBuilder script, string source, string place, bool isReadOnly)
    {
        script.Append(CultureInfo.InvariantCulture, $"mkdir -p .{place}\nmount --bind {source} .{place}\n");
        if (isReadOnly) script.Append(CultureInfo.InvariantCulture, $"mount -o remount,bind,ro .{place}\n");
    }

    [GeneratedRegex(@"\$\((?<name>[A-Za-z0-9_.-]+)\)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^metadata\.labels\['(?<name>[^']+)'\]$")]
    private static partial Regex LabelPath();
}
