using System.Diagnostics;
using System.Runtime.InteropServices;
using TimeSformer.Costs;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Experiments;

/// <summary>
/// Measures the models of a cost study that have no result yet. Machines drift, so the models take turns: in each round each of them makes
/// one timed pass of each kind, after one that does not count.
/// </summary>
public sealed class CostRunner(Study study, string scale, string results, string device = "cpu")
{
    /// <summary>Measurements of each model; their median counts.</summary>
    public const int Rounds = 3;

    private const double UsableMemory = 0.8;

    /// <summary>The folder of the results of this study and size.</summary>
    public string Folder => Path.Combine(results, scale, study.Name);

    /// <summary>The result of a run, or null if it is missing or belongs to another recipe.</summary>
    public CostResult? Find(StudyRun run)
    {
        var result = ResultFile.Read<CostResult>(FileOf(run));
        return result?.Hash == run.Hash ? result : null;
    }

    /// <summary>Measures all the given runs together, and writes their results at the end.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="progress">Receives the number of measurements so far, over all <see cref="Rounds"/>.</param>
    /// <param name="cancel">Ends the work; nothing is written.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InputException">This libtorch does not report its memory.</exception>
    public void Measure(IReadOnlyList<StudyRun> runs, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var passes = runs.ToDictionary(run => run, _ => new List<Pass>());
        int done = 0;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (var run in runs)
            {
                cancel.ThrowIfCancellationRequested();
                if (Fits(run) && TryMeasure(run) is { } pass) passes[run].Add(pass);
                progress?.Report(++done);
            }
        }
        foreach (var (run, measured) in passes) ResultFile.Write(FileOf(run), Result(run, measured));
    }

    private CostResult Result(StudyRun run, List<Pass> passes)
    {
        var (recipe, cost) = (run.Recipe, CostOf(run));
        long side = cost.Height / cost.Config.PatchSize;
        int batch = recipe.Training.BatchSize;
        return new(
            study.Name, scale, run.Point, run.Hash, cost.Parameters, side * side * cost.Frames, cost.MultiplyAdds, batch,
            Median(pass => pass.ForwardSeconds), Median(pass => pass.TrainingSeconds),
            Median(pass => pass.ForwardBytes), Median(pass => pass.TrainingBytes),
            cost.TrainingMemory(batch), RecipeFile.ToYaml(recipe), Provenance.Now(device));

        T? Median<T>(Func<Pass, T> value)
            where T : struct => passes.Count == 0 ? null : passes.Select(value).Order().ElementAt(passes.Count / 2);
    }

    // An accelerator's memory is not known here: what does not fit there fails.
    private bool Fits(StudyRun run) => device != "cpu"
        || CostOf(run).TrainingMemory(run.Recipe.Training.BatchSize) < UsableMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private Pass? TryMeasure(StudyRun run)
    {
        try
        {
            return MeasureOnce(run);
        }
        catch (ExternalException error) when (error.Message.Contains("out of memory", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private Pass MeasureOnce(StudyRun run)
    {
        using var scope = NewDisposeScope();
        var (batch, on, config) = (run.Recipe.Training.BatchSize, ComputeDevice.Named(device), ConfigOf(run.Recipe));
        manual_seed(0);
        using var model = new TimeSformerModel(config).to(on);
        var clips = randn([batch, config.InChannels, config.NumFrames, config.ImageSize, config.ImageSize], device: on); // (B, C, T, H, W)
        var labels = zeros(batch, ScalarType.Int64, on);                                                                 // (B)
        model.eval();
        var (forwardSeconds, forwardBytes) = Time(on, () =>
        {
            using var inner = NewDisposeScope();
            using var _ = no_grad();
            model.call(clips);
        });
        model.train();
        var (trainingSeconds, trainingBytes) = Time(on, () =>
        {
            using var inner = NewDisposeScope();
            model.zero_grad();
            functional.cross_entropy(model.call(clips), labels).backward();
        });
        return new(forwardSeconds, trainingSeconds, forwardBytes, trainingBytes);
    }

    // The first time is for the memory, the second for the clock.
    private static (double Seconds, long Bytes) Time(Device on, Action work)
    {
        long peak = MemoryMeter.Peak(work);
        var clock = Stopwatch.StartNew();
        work();
        if (on.type is DeviceType.CUDA) cuda.synchronize(on);
        return (clock.Elapsed.TotalSeconds, peak);
    }

    private static ModelCost CostOf(StudyRun run) => CostModel.Of(ConfigOf(run.Recipe));

    private static TimeSformerConfig ConfigOf(Recipe recipe) => recipe.ModelConfig(TimeSformerConfig.Base.NumClasses);

    private string FileOf(StudyRun run) => Path.Combine(Folder, $"{string.Join("_", run.Point.Values).Replace(' ', '-')}.json");

    private readonly record struct Pass(double ForwardSeconds, double TrainingSeconds, long ForwardBytes, long TrainingBytes);
}
