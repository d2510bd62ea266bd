using TimeSformer.Checkpoints;
using TimeSformer.Costs;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Training;

namespace TimeSformer.Experiments;

/// <summary>
/// Runs what is missing of a study. Each run has a folder below <paramref name="work"/>, where it is resumed if it was interrupted, and a
/// JSON file below <paramref name="results"/> when it is done. A run is also done if another study has a result of the same recipe. Any
/// number of processes, on one host or on many that share both folders, may do the runs of a study at the same time: each run is done once.
/// </summary>
public sealed class StudyRunner(Study study, string scale, string results, string work = "runs", string device = "cpu")
{
    // The results of all studies at this size, by hash, as they were at first use.
    private readonly Lazy<ILookup<string, RunResult>> known = new(() =>
    {
        var all = Path.Combine(results, scale);
        var studies = Directory.Exists(all) ? Directory.GetDirectories(all) : [];
        return studies.Order(StringComparer.Ordinal).SelectMany(RunResult.ReadAll).ToLookup(result => result.Hash);
    });

    /// <summary>The study.</summary>
    public Study Study => study;

    /// <summary>Where the data is that the study's recipes look for in <c>../data</c>, if it is elsewhere.</summary>
    public string? Root { get; init; }

    /// <summary>The folder of the results of this study and size.</summary>
    public string Folder => Path.Combine(results, scale, study.Name);

    /// <summary>The result of a run, or null if it is missing, belongs to another recipe or lacks one of the run's tests.</summary>
    public RunResult? Find(StudyRun run)
    {
        var own = RunResult.Read(FileOf(run));
        return own is not null && IsOf(own) ? own : known.Value[run.Hash].FirstOrDefault(IsOf);

        bool IsOf(RunResult result) => result.Hash == run.Hash && run.Tests.Keys.All(result.Tests.ContainsKey);
    }

    /// <summary>A one-line description of the input that a run lacks, or null.</summary>
    public string? MissingInput(StudyRun run)
    {
        try
        {
            Resolved(run).RequireFiles(starts: true);
            return null;
        }
        catch (RecipeException error)
        {
            return error.Message;
        }
    }

    /// <summary>The run's recipe with absolute paths.</summary>
    internal Recipe Resolved(StudyRun run) => RecipeFile.Resolve(run.Recipe, study.Folder, Root);

    /// <summary>The process that does a run at present, here or on another host that shares the results; null if none does.</summary>
    public LockHolder? Holder(StudyRun run) => FolderLock.Holder(Folder, LockOf(run));

    /// <summary>Does a run, or resumes it, unless it is done or another process does it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="train">Trains a recipe in a folder: <see cref="Trainer.Run"/> with whatever display there is.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>The result; null if training was interrupted.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the training of the run itself.</exception>
    /// <exception cref="RunHeldException">Another process does the run, or has taken it over.</exception>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public RunResult? Run(StudyRun run, Func<Recipe, string, CancellationToken, TrainingResult> train, CancellationToken cancel = default)
    {
        // Beside the result: whoever makes a file there sees, on network file systems, too, what others have just written.
        using var held = FolderLock.Take(Folder, LockOf(run), TimeSpan.Zero, cancel)
            ?? throw new RunHeldException($"{run.Name}: {Holder(run)?.ToString() ?? "another process"} does this run");
        if (Find(run) is { } done) return done;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, held.Lost);
        RunResult? result = null;
        try
        {
            result = Do(run, train, end.Token);
        }
        catch (OperationCanceledException) when (held.Lost.IsCancellationRequested)
        {
        }
        if (result is null) held.RequireHeld(run.Name);
        return result;
    }

    private RunResult? Do(StudyRun run, Func<Recipe, string, CancellationToken, TrainingResult> train, CancellationToken cancel)
    {
        var folder = Path.Combine(work, scale, study.Name, $"{run.Name}-{run.Hash}");
        var recipe = new RecipeInputs(work) { Train = train }.Prepare(Resolved(run), cancel);
        using var spending = new Spending(folder);
        var trained = train(recipe, folder, cancel);
        if (trained.Interrupted) return null;

        var epochs = RunLog.Epochs(RunLog.Read(folder));
        if (epochs.Count == 0)
        {
            throw new RecipeException($"{run.Name}: the recipe has no validation videos (data.val), so there is nothing to compare");
        }
        var (model, info) = Checkpoint.LoadModel(trained.Checkpoint);
        using var owned = model;
        var cost = ModelTotals.Of(model.Config);
        bool named = run.Recipe.Data.Procedural is null;
        TestResult Test(Evaluation evaluation) => TestResult.Of(evaluation, info.Classes, named);
        Evaluation Evaluate(string how) => this.Evaluate(model, info, recipe, RecipeFile.Parse(how));
        var own = trained.Validation ?? Evaluate(run.Source);
        var result = new RunResult(
            study.Name, scale, run.Point, run.Seed, run.Hash, own.Top1, own.Top5, cost.Parameters, cost.MultiplyAdds,
            spending.Total.Seconds, RecipeFile.ToYaml(run.Recipe), epochs, Provenance.Now(device))
        {
            Joules = spending.Total.Joules,
            WaitingForData = trained.WaitingForData,
            ClipsPerSecond = trained.ClipsPerSecond,
            Test = Test(own),
            Tests = run.Tests.ToDictionary(test => test.Key, test => Test(Evaluate(test.Value))),
        };
        result.Write(FileOf(run));
        return result;
    }

    // Trained weights on the videos of their run, as another recipe says.
    private Evaluation Evaluate(VideoModel model, ModelInfo info, Recipe run, Recipe how)
    {
        var videos = ClassMapping.Read(run.Data.Val, info.Classes, "the training list", run.Data.Root);
        var clip = how.Data.Clip with { Normalization = info.Clip.Normalization };
        return Evaluator.Run(
            model, videos, clip, run.Training.BatchSize, run.Data.NumWorkers, device, how.FinalViews, run.Training.Precision,
            run.Data.Policy);
    }

    private static string LockOf(StudyRun run) => $"{run.Name}.lock";

    private string FileOf(StudyRun run) => Path.Combine(Folder, $"{run.Name}.json");
}
