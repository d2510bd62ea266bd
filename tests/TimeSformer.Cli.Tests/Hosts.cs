using System.Reflection;

namespace TimeSformer.Tests;

/// <summary>Network namespaces as hosts of one process each, joined by a bridge in a namespace from which mpirun starts.</summary>
internal sealed class Hosts : IDisposable
{
    private const string Switch = "tssw", Network = "10.77.0.0/24";

    // Within 16 s, mpirun then knows that a host is gone; by itself it takes minutes.
    private static readonly string[] keepAlive = ["time", "10", "intvl", "2", "probes", "3"];

    private readonly string[] names;
    private readonly string agent;

    private Hosts(TemporaryFolder folder, string[] names)
    {
        this.names = names;
        agent = folder.Write("agent.sh", """
            #!/bin/bash
            # Called as ssh is: HOST COMMAND. Enters the namespace of that name.
            host=$1; shift
            exec ip netns exec "$host" unshare --uts bash -c "hostname $host; $*"
            """);
        CommandLine.Wait(new("chmod", ["+x", agent]));
    }

    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    public static Hosts Make(TemporaryFolder folder, params string[] names)
    {
        Skip.IfNot(Has("mpirun") && Has("ip") && Has("unshare"), "Open MPI or iproute2 is not installed");
        var hosts = new Hosts(folder, names);
        hosts.Dispose(); // those that a killed test left
        Skip.IfNot(CommandLine.Wait(new("ip", ["netns", "add", Switch])).Status == 0, "network namespaces cannot be made");
        Ip($"-n {Switch} link add br0 type bridge");
        Ip($"-n {Switch} addr add 10.77.0.1/24 dev br0");
        Ip($"-n {Switch} link set br0 up");
        Ip($"-n {Switch} link set lo up");
        foreach (var (index, name) in names.Index())
        {
            Ip($"netns add {name}");
            Ip($"-n {Switch} link add {name} type veth peer name eth0 netns {name}");
            Ip($"-n {Switch} link set {name} master br0 up");
            Ip($"-n {name} addr add 10.77.0.{10 + index}/24 dev eth0");
            Ip($"-n {name} link set eth0 up");
            Ip($"-n {name} link set lo up");
        }
        return hosts;
    }

    /// <summary>Starts the program on each host, one thread each.</summary>
    public Process Mpirun(string[] arguments)
    {
        string[] options =
        [
            "netns", "exec", Switch, "mpirun", "--allow-run-as-root", "--host", string.Join(',', names), "-n", $"{names.Length}",
            "--bind-to", "none", "--mca", "plm_rsh_agent", agent, "--mca", "btl_tcp_if_include", Network, "--mca", "oob_tcp_if_include",
            Network, .. keepAlive.Chunk(2).SelectMany(pair => new[] { "--mca", $"oob_tcp_keepalive_{pair[0]}", pair[1] }),
            "-x", "OMP_NUM_THREADS=1", "-x", "TERM=dumb", "dotnet", Assembly.Load("timesformer").Location,
        ];
        return Process.Start(new ProcessStartInfo("ip", [.. options, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(agent), RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
    }

    public static void CutOff(string host) => Ip($"-n {Switch} link set {host} down");

    public static void Join(string host) => Ip($"-n {Switch} link set {host} up");

    public void Dispose()
    {
        foreach (var name in names.Append(Switch)) _ = CommandLine.Wait(new("ip", ["netns", "del", name]));
    }

    private static void Ip(string arguments)
    {
        var (status, _, error) = CommandLine.Wait(new("ip", arguments.Split(' ')));
        Assert.True(status == 0, $"ip {arguments}: {error}");
    }
}
