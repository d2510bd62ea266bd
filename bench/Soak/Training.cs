using System.Diagnostics;
using System.Globalization;
using TimeSformer.Training;

namespace TimeSformer.Bench.Soak;

/// <summary>A <c>./timesformer train</c> in processes of its own.</summary>
internal sealed class Training : IDisposable
{
    private readonly Process launcher;
    private readonly Task<string> output, error;

    /// <summary>Starts or resumes a run.</summary>
    public Training(string recipe, string run, int processes)
    {
        (Run, IsAlone) = (run, processes == 1);
        var program = Path.GetFullPath("../../TimeSformer.Cli/release/timesformer.dll", AppContext.BaseDirectory);
        // A session of its own, by which all of its processes are found; mpirun has another.
        var start = new ProcessStartInfo("setsid", ["dotnet", program, "train", recipe, "--output", run, "--processes", $"{processes}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(recipe),
        };
        launcher = Process.Start(start)!;
        (output, error) = (launcher.StandardOutput.ReadToEndAsync(), launcher.StandardError.ReadToEndAsync());
    }

    /// <summary>The run's folder.</summary>
    public string Run { get; }

    /// <summary>Whether it is a single process, without mpirun.</summary>
    public bool IsAlone { get; }

    /// <summary>Steps in the run's log.</summary>
    public long Steps => LoggedSteps(Run);

    public bool HasEnded => launcher.HasExited;

    /// <summary>The last step that a run's log has.</summary>
    public static long LoggedSteps(string run) => RunLog.Read(run).Where(entry => entry.Loss is not null).Select(entry => entry.Step)
        .DefaultIfEmpty(0).Max();

    /// <summary>Waits for the end: the exit status, and what it printed.</summary>
    public (int Status, string Text) Wait()
    {
        launcher.WaitForExit();
        return (launcher.ExitCode, output.Result + error.Result);
    }

    /// <summary>Sends a signal to one of the training processes, chosen by a number.</summary>
    /// <returns>The process; null if there is none.</returns>
    public int? Signal(string signal, int choice)
    {
        var all = Workers();
        if (all.Count == 0) return null;
        int process = all[choice % all.Count];
        Send(signal, process);
        return process;
    }

    /// <summary>Sends a signal to the process that was started, as a terminal does.</summary>
    public void Signal(string signal) => Send(signal, launcher.Id);

    /// <summary>Kills all: the launcher, mpirun and the training processes.</summary>
    public void KillAll()
    {
        foreach (int process in Matching("timesformer.dll train").Append(launcher.Id)) Send("KILL", process);
        launcher.WaitForExit();
    }

    public static void Send(string signal, int process)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{process}"]) { RedirectStandardError = true })!;
        kill.WaitForExit(); // it may have ended by itself
    }

    public void Dispose() => launcher.Dispose();

    // Those that train: mpirun's, which have a rank, or the one that was started if there is no mpirun.
    private List<int> Workers()
    {
        var all = Matching("timesformer.dll train");
        bool HasRank(int process) => Text($"/proc/{process}/environ").Contains("OMPI_COMM_WORLD_RANK=", StringComparison.Ordinal);
        return IsAlone ? [launcher.Id] : [.. all.Where(HasRank)];
    }

    // mpirun's command line has the program's, too.
    private List<int> Matching(string words) =>
    [
        .. from folder in Directory.GetDirectories("/proc")
           let name = Path.GetFileName(folder)
           where int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
           let command = Text($"{folder}/cmdline").Replace('\0', ' ')
           where command.Contains(words, StringComparison.Ordinal) && command.Contains(Run, StringComparison.Ordinal)
           select int.Parse(name, CultureInfo.InvariantCulture),
    ];

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended
        }
    }
}
