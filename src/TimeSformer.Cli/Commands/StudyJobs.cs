using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Spectre.Console;
using TimeSformer.Costs;
using TimeSformer.Experiments;

namespace TimeSformer.Cli.Commands;

/// <summary>
/// Runs of a study side by side, each in a process of its own with its share of the cores: a small model leaves cores idle that work for one run together. A process ends,
/// with a checkpoint, when its standard input does: with this process, however that ends.
/// </summary>
internal sealed partial class StudyJobs(int jobs, Func<StudyRun, IEnumerable<string>> arguments)
{
    private const long BytesOfProcess = 500_000_000;
    private const int ClassesAtMost = 700;
    private const double ShareOfMemory = 0.8;

    /// <summary>As many as there are cores, and as the machine's memory holds; one on an accelerator, whose memory is not known here.</summary>
    public static int AtMost(IReadOnlyList<StudyRun> runs, string device)
    {
        if (device != "cpu") return 1;
        long bytes = runs.Max(run =>
        {
            var recipe = run.Recipe;
            var cost = CostModel.Of(recipe.ModelConfig(ClassesAtMost));
            int clips = recipe.Training.MicroBatchSize > 0 ? recipe.Training.MicroBatchSize : recipe.Training.BatchSize;
            // The weights, what the optimiser knows of them, and a copy of both while they are saved.
            return cost.TrainingMemory(clips) + (6 * sizeof(float) * cost.Parameters) + (recipe.Data.CacheMegabytes * 1_000_000L) + BytesOfProcess;
        });
        return (int)Math.Clamp(ShareOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / bytes, 1, Environment.ProcessorCount);
    }

    /// <summary>Does the runs; gives the first exit status that is not zero, after which no further run begins.</summary>
    public int Run(IReadOnlyList<StudyRun> runs, CancellationToken cancel) => Terminal.IsWatched ? WithBars(runs, cancel) : Work(runs, WithLines, cancel);

    private int WithBars(IReadOnlyList<StudyRun> runs, CancellationToken cancel) => Terminal.Error.Progress()
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .Start(context => Work(runs, run =>
        {
            var task = context.AddTask(Markup.Escape(run.Name));
            return line =>
            {
                if (StepOf().Match(line) is not { Success: true } step)
                {
                    Terminal.Error.MarkupLineInterpolated($"{run.Name}: {line}");
                    return;
                }
                task.MaxValue = double.Parse(step.Groups["all"].Value, CultureInfo.InvariantCulture);
                task.Value = double.Parse(step.Groups["done"].Value, CultureInfo.InvariantCulture);
                task.Description = Markup.Escape($"{run.Name}  {line}");
            };
        }, cancel));

    private static Action<string> WithLines(StudyRun run) => line => Console.Error.WriteLine($"{run.Name}: {line}");

    private int Work(IReadOnlyList<StudyRun> runs, Func<StudyRun, Action<string>> display, CancellationToken cancel)
    {
        var (queue, worst) = (new ConcurrentQueue<StudyRun>(runs), 0);
        void Worker()
        {
            while (Volatile.Read(ref worst) == 0 && !cancel.IsCancellationRequested && queue.TryDequeue(out var run))
            {
                int status = Process(run, display(run), cancel);
                if (status != 0) Interlocked.CompareExchange(ref worst, status, 0);
            }
        }
        Task.WaitAll([.. Enumerable.Range(0, Math.Min(jobs, runs.Count)).Select(_ => Task.Factory.StartNew(Worker, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default))], CancellationToken.None);
        return cancel.IsCancellationRequested ? ExitCode.Interrupted : worst;
    }

    private int Process(StudyRun run, Action<string> onLine, CancellationToken cancel)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(StudyJobs).Assembly.Location);
        foreach (var argument in arguments(run)) start.ArgumentList.Add(argument);
        var threads = Math.Max(1, Environment.ProcessorCount / jobs).ToString(CultureInfo.InvariantCulture);
        foreach (var variable in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" }) start.Environment[variable] = threads;
        using var process = System.Diagnostics.Process.Start(start)!;
        using var end = cancel.Register(process.StandardInput.Close);
        while (process.StandardError.ReadLine() is { } line) onLine(line);
        process.WaitForExit();
        return process.ExitCode;
    }

    // As TrainingDisplay writes it.
    [GeneratedRegex(@"  step (?<done>\d+)/(?<all>\d+)  ")]
    private static partial Regex StepOf();
}
