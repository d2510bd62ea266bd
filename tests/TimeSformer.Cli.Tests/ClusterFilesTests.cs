using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace TimeSformer.Tests;

/// <summary>What starts this program on clusters, as far as it can be checked without one.</summary>
public sealed partial class ClusterFilesTests : FolderTests
{
    private static readonly string cluster = Path.Combine(Repository.Root, "experiments", "cluster");

    // srun and scontrol are stand-ins that write down what they are called with.
    [Theory]
    [InlineData("reproduce", "attention-schemes --scale small", "--cpus-per-task=16 --cpu-bind=none", "")]
    [InlineData("train", "a.yaml --output b", "--mpi=pmix --cpus-per-task=8 --cpu-bind=none", "8")]
    public void A_job_starts_the_program_on_all_cores_and_queues_again_if_it_was_interrupted(
        string name, string arguments, string options, string threads)
    {
        Assert.Equal((0, $"srun {options} ./timesformer {name} {arguments} [{threads}]\n"), Submit(name, arguments, status: 0));
        Assert.Equal((1, $"srun {options} ./timesformer {name} {arguments} [{threads}]\n"), Submit(name, arguments, status: 1));
        Assert.Equal(
            (130, $"srun {options} ./timesformer {name} {arguments} [{threads}]\nscontrol requeue 4711\n"),
            Submit(name, arguments, status: 130));
        Assert.Equal((2, ""), Submit(name, "", status: 0));
    }

    [Theory, InlineData("reproduce"), InlineData("train")]
    public void A_job_is_asked_to_end_in_time_and_may_be_queued_again(string name)
    {
        var options = SbatchOption().Matches(File.ReadAllText(Script(name))).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains("signal=INT@120", options);
        Assert.Contains("requeue", options);
        Assert.Contains("open-mode=append", options);
        Assert.Contains($"job-name={name}", options);
    }

    [SkippableTheory, InlineData("reproduce"), InlineData("train")]
    public void Shellcheck_finds_nothing(string name)
    {
        Skip.IfNot(File.Exists("/usr/bin/shellcheck"), "needs Debian's package shellcheck");
        var (status, output, _) = CommandLine.Wait(new("shellcheck", ["-s", "bash", Script(name)]));
        Assert.True(status == 0, output);
    }

    [Fact]
    public void The_MPIJob_starts_a_process_for_each_worker_with_as_many_threads_as_it_has_processors()
    {
        var job = Read("mpijob.yaml");
        Assert.Equal(("kubeflow.org/v2beta1", "MPIJob"), (Text(job["apiVersion"]), Text(job["kind"])));
        var spec = job["spec"];
        var (launcher, worker) = (spec["mpiReplicaSpecs"]["Launcher"], spec["mpiReplicaSpecs"]["Worker"]);
        Assert.Equal(("OpenMPI", "1", "1"), (Text(spec["mpiImplementation"]), Text(spec["slotsPerWorker"]), Text(launcher["replicas"])));
        var (starts, serves) = (Container(launcher), Container(worker));
        Assert.Equal("mpirun", Text(starts["command"][0]));
        var arguments = Texts(starts["args"]);
        Assert.Equal(Text(worker["replicas"]), arguments[arguments.IndexOf("-n") + 1]);
        var processors = Text(serves["resources"]["limits"]["cpu"]);
        Assert.Contains($"OMP_NUM_THREADS={processors}", arguments);
        Assert.Contains($"OPENBLAS_NUM_THREADS={processors}", arguments);
        Assert.Equal("/usr/sbin/sshd", Text(serves["command"][0]));
        // All pods work in the same folder.
        foreach (var container in new[] { starts, serves })
        {
            Assert.Equal(Text(container["workingDir"]), Text(container["volumeMounts"][0]["mountPath"]));
        }
    }

    [Fact]
    public void The_MPIJob_gives_a_command_that_this_program_knows()
    {
        var arguments = Texts(Container(Read("mpijob.yaml")["spec"]["mpiReplicaSpecs"]["Launcher"])["args"]);
        var command = arguments[(arguments.IndexOf("/opt/timesformer/timesformer") + 1)..];
        var (status, _, error) = CommandLine.RunIn(folder.Path, [.. command]);
        Assert.Equal(2, status);
        Assert.StartsWith("error: ", error);
        Assert.Contains("recipe.yaml", error, StringComparison.Ordinal); // it is not there, and nothing else is wrong
        Assert.DoesNotContain("--", error, StringComparison.Ordinal);
    }

    private static string Script(string name) => Path.Combine(cluster, $"{name}.sbatch");

    private (int Status, string Called) Submit(string name, string arguments, int status)
    {
        var called = folder.Write("called", "");
        Program("srun", $"echo \"srun $* [$OMP_NUM_THREADS]\" >>{called}; exit {status}");
        Program("scontrol", $"echo \"scontrol $*\" >>{called}");
        var start = new ProcessStartInfo("bash", [Script(name), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            WorkingDirectory = folder.Path,
            Environment =
            {
                ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
                ["SLURM_JOB_ID"] = "4711", ["SLURM_CPUS_ON_NODE"] = "16", ["SLURM_NTASKS_PER_NODE"] = "2",
                ["OMP_NUM_THREADS"] = "",
            },
        };
        return (CommandLine.Wait(start).Status, File.ReadAllText(called));

        void Program(string name, string body)
        {
            var path = folder.Write(name, $"#!/bin/sh\n{body}\n");
            Assert.Equal(0, CommandLine.Wait(new("chmod", ["+x", path])).Status);
        }
    }

    private static YamlNode Read(string name)
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Path.Combine(cluster, name));
        stream.Load(text);
        return Assert.Single(stream.Documents).RootNode;
    }

    private static YamlNode Container(YamlNode replica) => replica["template"]["spec"]["containers"][0];

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static List<string> Texts(YamlNode nodes) => [.. ((YamlSequenceNode)nodes).Select(Text)];

    [GeneratedRegex(@"^#SBATCH --(\S+)", RegexOptions.Multiline)]
    private static partial Regex SbatchOption();
}
