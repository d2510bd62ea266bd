using System.Diagnostics;
using TimeSformer.Cli;
using TimeSformer.Data;

namespace TimeSformer.Bench;

/// <summary>A command as a person calls it, from the launcher's start to its end.</summary>
/// <param name="Command">Its arguments.</param>
/// <param name="Ms">Median milliseconds.</param>
internal sealed record StartUpRow(string Command, double Ms);

/// <summary>Measures how long short commands take, which is the start of .NET and libtorch for the most part.</summary>
internal static class StartUp
{
    /// <summary>The commands in turns, after one round to warm the disk cache.</summary>
    /// <exception cref="InputException">A command fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<StartUpRow> Run(int rounds, CancellationToken cancel)
    {
        var repository = Path.GetFullPath("../../../..", AppContext.BaseDirectory);
        var folder = Directory.CreateTempSubdirectory("timesformer-bench").FullName;
        try
        {
            ProceduralVideos.Write(new(folder, ProceduralFamily.Motion, 1, 1), progress: null, cancel);
            var clip = VideoList.Read(Path.Combine(folder, "val.txt")).Items[0].Path;
            (string Name, string[] Arguments)[] commands =
            [
                ("--help", ["--help"]),
                ("predict CLIP, tiny", ["predict", clip, "--checkpoint", Path.Combine(repository, "data/models/motion-tiny")]),
            ];
            var times = commands.Select(_ => new List<double>()).ToList();
            for (int round = 0; round <= rounds; round++)
            {
                foreach (var (index, (_, arguments)) in commands.Index())
                {
                    cancel.ThrowIfCancellationRequested();
                    double ms = Time(Path.Combine(repository, "timesformer"), arguments);
                    if (round > 0) times[index].Add(ms);
                }
            }
            return [.. commands.Zip(times, (command, all) => new StartUpRow(command.Name, all.Order().ElementAt(all.Count / 2)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static void Print(IReadOnlyList<StartUpRow> rows) =>
        Terminal.PrintTable(["command", "ms"], rows.Select(row => (string[])[row.Command, $"{row.Ms:0}"]), "start to end", left: 1);

    private static double Time(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double ms = clock.Elapsed.TotalMilliseconds;
        return process.ExitCode == 0 ? ms
            : throw new InputException($"timesformer {string.Join(' ', arguments)} ended with status {process.ExitCode}");
    }
}
