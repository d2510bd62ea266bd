using System.Diagnostics;
using System.Runtime.InteropServices;
using TimeSformer.Cli.Notebooks;
using TimeSformer.Distributed;
using TorchSharp;

namespace TimeSformer.Cli;

/// <summary>A program in several processes on this machine, started by Open MPI's mpirun.</summary>
internal static partial class MpiRun
{
    /// <summary>The signal (SIGUSR1) that ends training cleanly. mpirun passes it on; SIGTERM it follows up with SIGKILL at once.</summary>
    public const int EndSignal = 10;

    /// <summary>This process's number among those that mpirun started, from 0.</summary>
    public static int Rank => Number("OMPI_COMM_WORLD_RANK") ?? Number("PMIX_RANK") ?? 0;

    /// <summary>A process's own device: of several GPUs that of its number among the processes on its machine.</summary>
    public static string DeviceOf(string device, ProcessGroup? world)
    {
        if (world is null || device != "cuda") return device;
        int local = Number("OMPI_COMM_WORLD_LOCAL_RANK") ?? Number("SLURM_LOCALID") ?? 0;
        return $"cuda:{local % Math.Max(1, torch.cuda.device_count())}";
    }

    /// <summary>How to start so many processes of a program.</summary>
    /// <param name="count">Processes.</param>
    /// <param name="threads">Threads of each.</param>
    /// <param name="assembly">The program's.</param>
    /// <param name="arguments">The program's.</param>
    /// <exception cref="InputException">mpirun is missing.</exception>
    public static ProcessStartInfo Of(int count, int threads, string assembly, IEnumerable<string> arguments)
    {
        if (Programs.Find("mpirun") is null)
        {
            throw new InputException(
                "several processes need Open MPI's mpirun; install it (Debian and Ubuntu: apt-get install openmpi-bin)");
        }
        var program = Environment.ProcessPath!;
        string[] root = geteuid() == 0 ? ["--allow-run-as-root"] : [];
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, assembly] : [program];
        // In a session of its own: Ctrl-C reaches this process alone, which passes it on once.
        return new("setsid",
        [
            "mpirun", .. root, "-n", $"{count}", "--bind-to", "none", "--oversubscribe", "-x", $"OMP_NUM_THREADS={threads}",
            "-x", $"OPENBLAS_NUM_THREADS={threads}", "-x", "TERM=dumb", .. own, .. arguments,
        ]);
    }

    /// <summary>Runs processes to their end.</summary>
    /// <returns>The exit status.</returns>
    public static int Run(ProcessStartInfo start, CancellationToken cancel)
    {
        using var process = Process.Start(start)!;
        using var end = cancel.Register(() => _ = kill(process.Id, EndSignal));
        process.WaitForExit();
        return cancel.IsCancellationRequested ? ExitCode.Interrupted : process.ExitCode;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
