using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using TimeSformer.Experiments;

namespace TimeSformer.Cli.Commands;

/// <summary>A report of a job to the process that started it: a line of JSON on standard output, with one of these values.</summary>
/// <param name="Progress">The state after a step.</param>
/// <param name="Evaluating">How far an evaluation is.</param>
/// <param name="Evaluated">An evaluation.</param>
/// <param name="Message">Anything else, such as an error.</param>
internal sealed record JobReport(
    TrainingProgress? Progress = null, EvaluationProgress? Evaluating = null, EpochReport? Evaluated = null, string? Message = null)
{
    private static readonly JsonSerializerOptions json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a loss may be NaN
    };

    /// <summary>The line.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, json);

    /// <summary>Reads a line; text that is not JSON, as native libraries may print it, becomes a message.</summary>
    public static JobReport Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JobReport>(line, json) ?? new(Message: line);
        }
        catch (JsonException)
        {
            return new(Message: line);
        }
    }
}

/// <summary>Videos that an evaluation has done, and of how many.</summary>
internal sealed record EvaluationProgress(int Done, int Videos);

/// <summary>The evaluation after an epoch, which counts from 0.</summary>
internal sealed record EpochReport(int Epoch, Evaluation Evaluation);

/// <summary>
/// Runs of a study side by side, each in a process of its own with its share of the cores, because one small model cannot keep them all
/// busy. Jobs take the locks of their runs as those on other hosts do (<see cref="StudyRunner"/>). A job saves a checkpoint and ends when
/// its standard input ends: with this process, however that ends.
/// </summary>
internal sealed class StudyJobs(StudyRunner runner, int jobs, Func<StudyRun, IEnumerable<string>> arguments)
{
    // A job's exit status: another process was first (EX_TEMPFAIL of sysexits.h).
    private const int Held = 75;

    private const double FractionOfMemory = 0.8;

    /// <summary>Runs at a time.</summary>
    public int Count => jobs;

    /// <summary>As many jobs as there are cores and as memory allows; one on an accelerator, whose memory is unknown here.</summary>
    public static int AtMost(IReadOnlyList<StudyRun> runs, string device)
    {
        if (device != "cpu" || runs.Count == 0) return 1;
        long bytes = runs.Max(run => StudyForecast.MemoryOf(run.Recipe));
        return (int)Math.Clamp(FractionOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / bytes, 1, Environment.ProcessorCount);
    }

    /// <summary>
    /// Does the runs, but for those that other processes do, and returns the first nonzero exit status; after a failure no new run starts.
    /// </summary>
    public int Run(IReadOnlyList<StudyRun> runs, CancellationToken cancel) => TrainingDisplay.During(display =>
    {
        var (queue, status) = (new StudyQueue(runner, runs), 0);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        void Work()
        {
            while (queue.Next(stop.Token) is { } run)
            {
                int ended = RunProcess(run, display(run.Name), cancel);
                if (ended == Held)
                {
                    queue.Return(run);
                }
                else if (ended != 0)
                {
                    Interlocked.CompareExchange(ref status, ended, 0);
                    stop.Cancel();
                }
            }
        }
        Task Start() => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task.WaitAll([.. Enumerable.Range(0, Math.Min(jobs, runs.Count)).Select(_ => Start())], CancellationToken.None);
        return cancel.IsCancellationRequested ? ExitCode.Interrupted : status;
    });

    private int RunProcess(StudyRun run, TrainingDisplay display, CancellationToken cancel)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(StudyJobs).Assembly.Location);
        foreach (var argument in arguments(run)) start.ArgumentList.Add(argument);
        var threads = $"{Math.Max(1, Environment.ProcessorCount / jobs)}";
        foreach (var variable in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" }) start.Environment[variable] = threads;
        using var process = Process.Start(start)!;
        using var end = cancel.Register(process.StandardInput.Close);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            var (progress, evaluating, evaluated, message) = JobReport.Parse(line);
            if (progress is not null) display.Step(progress);
            if (evaluating is var (done, videos)) display.Evaluating(done, videos);
            if (evaluated is var (epoch, evaluation)) display.Epoch(epoch, evaluation);
            if (message is not null) display.Say(message);
        }
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Does one run, as a process that <see cref="Run"/> started.</summary>
    public static int RunOne(StudyRunner runner, StudyRun run, string device, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        new Thread(() =>
        {
            while (Console.In.Read() >= 0) { }
            stop.Cancel();
        })
        { IsBackground = true }.Start();
        try
        {
            return runner.Run(run, Train, stop.Token) is null ? ExitCode.Interrupted : 0;
        }
        catch (RunHeldException)
        {
            return Held;
        }
        catch (Exception error)
        {
            var (status, text) = ExitCode.Of(error);
            if (text is not null) Console.WriteLine(new JobReport(Message: text));
            return status;
        }

        TrainingResult Train(Recipe recipe, string folder, CancellationToken token) => new Trainer(recipe, folder, device)
        {
            OnWarning = sentence => Console.WriteLine(new JobReport(Message: sentence)),
            OnStep = progress => Console.WriteLine(new JobReport(progress)),
            OnEvaluating = (done, videos) => Console.WriteLine(new JobReport(Evaluating: new(done, videos))),
            OnEpoch = (epoch, evaluation) => Console.WriteLine(new JobReport(Evaluated: new(epoch, evaluation))),
        }.Run(token);
    }
}
