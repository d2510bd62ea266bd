using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TimeSformer.Cli.Commands;

/// <summary>This program in several processes on this machine, started by Open MPI's mpirun.</summary>
internal static partial class MpiRun
{
    /// <summary>The signal (SIGUSR1) that ends training cleanly. mpirun passes it on; SIGTERM it follows up with SIGKILL at once.</summary>
    public const int EndSignal = 10;

    /// <summary>This process's number among those that mpirun started, from 0.</summary>
    public static int Rank => int.TryParse(Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_RANK"), out int rank) ? rank : 0;

    /// <summary>Runs a command in so many processes, each with its share of the cores.</summary>
    /// <param name="count">Processes.</param>
    /// <param name="arguments">The command.</param>
    /// <param name="cancel">Ends them cleanly.</param>
    /// <returns>The exit status.</returns>
    /// <exception cref="InputException">mpirun is missing.</exception>
    public static int Start(int count, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "mpirun"))))
        {
            throw new InputException("--processes needs Open MPI's mpirun; install it (Debian and Ubuntu: apt-get install openmpi-bin)");
        }
        int threads = Math.Max(1, Environment.ProcessorCount / count);
        var program = Environment.ProcessPath!;
        // In a session of its own: Ctrl-C reaches this process alone, which passes it on once.
        List<string> command =
        [
            "setsid", "mpirun", "-n", $"{count}", "--bind-to", "none", "--oversubscribe", "-x", $"OMP_NUM_THREADS={threads}",
            "-x", $"OPENBLAS_NUM_THREADS={threads}", "-x", "TERM=dumb", program,
        ];
        if (geteuid() == 0) command.Insert(2, "--allow-run-as-root");
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") command.Add(typeof(MpiRun).Assembly.Location);
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false };
        foreach (var argument in command.Skip(1).Concat(arguments)) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var end = cancel.Register(() => _ = kill(process.Id, EndSignal));
        process.WaitForExit();
        return cancel.IsCancellationRequested ? ExitCode.Interrupted : process.ExitCode;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
