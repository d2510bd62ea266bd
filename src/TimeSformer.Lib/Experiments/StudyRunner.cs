using System.Diagnostics;
using System.Text.Json.Nodes;
using TimeSformer.Costs;
using TimeSformer.Data;
using TimeSformer.Training;

namespace TimeSformer.Experiments;

/// <summary>
/// Runs what is missing of a study. Each run has a folder below <paramref name="work"/>, in which it goes on where it was cut off, and one JSON file
/// below <paramref name="results"/>, by which it is known to be done: also the file of another study that has a run of the same recipe.
/// </summary>
public sealed class StudyRunner(Study study, string scale, string results, string work = "runs", string device = "cpu")
{
    private const string SecondsFile = "seconds.txt";

    /// <summary>What is run.</summary>
    public Study Study => study;

    /// <summary>Where the results of this study and size lie.</summary>
    public string Folder => Path.Combine(results, scale, study.Name);

    // What all studies of this size had done at first sight, by hash.
    private readonly Lazy<ILookup<string, RunResult>> known = new(() => Studies(results, scale).SelectMany(RunResult.ReadAll).ToLookup(result => result.Hash));

    /// <summary>The result of a run, or null where it is missing or was made by another recipe.</summary>
    public RunResult? Find(StudyRun run) => RunResult.Read(FileOf(run)) is { } result && result.Hash == run.Hash ? result : known.Value[run.Hash].FirstOrDefault();

    /// <summary>What a run reads and is not there, in a line; null where all is.</summary>
    public string? Lacks(StudyRun run)
    {
        try
        {
            RecipeFile.Resolve(run.Recipe, study.Folder).RequireFiles(starts: true);
            return null;
        }
        catch (RecipeException error)
        {
            return error.Message;
        }
    }

    /// <summary>Does a run, or goes on with it.</summary>
    /// <param name="run">Which.</param>
    /// <param name="train">Trains a recipe in a folder: <see cref="Trainer.Run"/> with whatever display there is.</param>
    /// <param name="cancel">Ends the writing of videos; what ends the training is up to `train`.</param>
    /// <returns>The result; null where it was interrupted.</returns>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public RunResult? Run(StudyRun run, Func<Recipe, string, TrainingResult> train, CancellationToken cancel = default)
    {
        var folder = Path.Combine(work, scale, study.Name, $"{run.Name}-{run.Hash}");
        var videos = Path.Combine(work, "videos");
        if (Pretraining.Materialise(RecipeFile.Resolve(run.Recipe, study.Folder), Path.Combine(work, "pretraining"), videos, train, cancel) is not { } recipe) return null;
        recipe = RecipeVideos.Materialise(recipe, videos, cancel: cancel);
        var clock = Stopwatch.StartNew();
        var trained = train(recipe, folder);
        var seconds = Path.Combine(folder, SecondsFile);
        double total = clock.Elapsed.TotalSeconds + (File.Exists(seconds) && double.TryParse(File.ReadAllText(seconds), out double before) ? before : 0);
        File.WriteAllText(seconds, FormattableString.Invariant($"{total:0.0}"));
        if (trained.Interrupted) return null;

        var epochs = Epochs(folder);
        if (epochs is not [.., var last]) throw new RecipeException($"{run.Name}: the recipe has no validation videos, so there is nothing to compare (data.val)");
        var config = recipe.ModelConfig(VideoList.Read(recipe.Data.Train).Classes.Count);
        var cost = CostModel.Of(config);
        var result = new RunResult(
            study.Name, scale, run.Point, run.Seed, run.Hash, last.Top1, last.Top5, cost.Parameters, cost.MultiplyAdds, total, RecipeFile.ToYaml(run.Recipe), epochs, Provenance.Now(device))
        {
            WaitingForData = trained.WaitingForData,
        };
        result.Write(FileOf(run));
        return result;
    }

    private static string[] Studies(string results, string scale) => Directory.Exists(Path.Combine(results, scale)) ? Directory.GetDirectories(Path.Combine(results, scale)) : [];

    private string FileOf(StudyRun run) => Path.Combine(Folder, $"{run.Name}.json");

    private static List<EpochResult> Epochs(string folder)
    {
        var lines = File.ReadLines(Path.Combine(folder, RunLog.FileName)).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var losses = lines.Where(line => line.ContainsKey("loss")).ToLookup(line => (int)line["epoch"]!, line => (double)line["loss"]!);
        return
        [
            .. from line in lines
               where line.ContainsKey("validation")
               let epoch = (int)line["epoch"]!
               let validation = line["validation"]!
               select new EpochResult(epoch, losses[epoch].Average(), (double)validation["top1"]!, (double)validation["top5"]!, (double)validation["loss"]!),
        ];
    }
}
