using System.Diagnostics;
using TimeSformer.Costs;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Experiments;

/// <summary>What the missing runs of a study will take.</summary>
/// <param name="Time">Wall time, from a timed step of each kind of run; of the runs alone, without writing or decoding videos.</param>
/// <param name="Memory">Bytes of the runs that go side by side, at their largest.</param>
/// <param name="Disk">Bytes that their checkpoints will take.</param>
public sealed record StudyForecast(TimeSpan Time, long Memory, long Disk)
{
    private const long BytesOfProcess = 500_000_000;
    private const int MostClasses = 700, SecondsOfStart = 5;

    /// <summary>Predicts what runs will take.</summary>
    /// <param name="runner">The study's.</param>
    /// <param name="runs">Runs whose inputs are there.</param>
    /// <param name="jobs">How many go side by side, each with its share of the cores.</param>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    /// <param name="cancel">Ends the timing.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InputException">A list cannot be read.</exception>
    public static StudyForecast Of(StudyRunner runner, IReadOnlyList<StudyRun> runs, int jobs, string device, CancellationToken cancel)
    {
        if (runs.Count == 0) return new(TimeSpan.Zero, 0, 0);
        int threads = torch.get_num_threads();
        torch.set_num_threads(Math.Max(1, threads / jobs));
        try
        {
            var steps = new Dictionary<string, double>();
            var stages = new HashSet<string>();
            double seconds = 0;
            foreach (var run in runs)
            {
                cancel.ThrowIfCancellationRequested();
                seconds += SecondsOf(runner.Resolved(run), steps, stages, device) + SecondsOfStart;
            }
            var largest = runs.Select(run => MemoryOf(run.Recipe)).OrderDescending().Take(jobs).Sum();
            long disk = runs.Sum(run => run.Recipe.Training.KeepCheckpoints * StateOf(run.Recipe));
            return new(TimeSpan.FromSeconds(seconds / Math.Min(jobs, runs.Count)), largest, disk);
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    /// <summary>Bytes that a run takes at its largest.</summary>
    public static long MemoryOf(Recipe recipe)
    {
        int clips = recipe.Training.MicroBatchSize > 0 ? recipe.Training.MicroBatchSize : recipe.Training.BatchSize;
        // The weights, the optimizer's state, and a copy of both while they are saved.
        return ActivationsOf(recipe.ModelConfig(MostClasses), clips) + (2 * StateOf(recipe))
            + (recipe.Data.CacheMegabytes * 1_000_000L) + BytesOfProcess;
    }

    // Bytes of the weights and the optimizer's state.
    private static long StateOf(Recipe recipe) =>
        (recipe.Training.Optimizer is OptimizerKind.AdamW ? 3 : 2) * sizeof(float)
        * ModelTotals.Of(recipe.ModelConfig(MostClasses)).Parameters;

    // Computed for TimeSformer. Others are taken to keep a value for each hundred multiply-adds, which is more than convolutions do.
    private static long ActivationsOf(VideoModelConfig config, int clips) => config is TimeSformerConfig sizes
        ? CostModel.Of(sizes).TrainingMemory(clips)
        : sizeof(float) * clips * (ModelTotals.Of(config).MultiplyAdds / 100);

    // Runs share what they start from: a stage of pre-training counts once.
    private static double SecondsOf(Recipe recipe, Dictionary<string, double> steps, HashSet<string> stages, string device)
    {
        var options = recipe.Training;
        var kind = $"{recipe.ModelConfig(MostClasses)} {options.BatchSize} {options.MicroBatchSize} {options.Precision} "
            + $"{options.ActivationCheckpointing}";
        if (!steps.TryGetValue(kind, out double perStep)) steps[kind] = perStep = SecondsOfStep(recipe, device);
        double stepsPerEpoch = Math.Ceiling((double)VideosOf(recipe.Data) / options.BatchSize);
        double before = recipe.Model.Pretraining is { } stage && stages.Add(RecipeFile.ToYaml(stage))
            ? SecondsOf(stage, steps, stages, device)
            : 0;
        return (options.Epochs * stepsPerEpoch * perStep) + before;
    }

    private static int VideosOf(DataRecipe data)
    {
        if (data.Procedural is { } set)
        {
            int all = set.TrainPerClass * ProceduralVideos.ClassNames(set.Family).Count;
            return (int)(all * data.TrainFraction);
        }
        var list = data.Layout is { } layout
            ? DatasetLayouts.Read(layout, data.Root!, DatasetPart.Train, data.Split)
            : VideoList.Read(data.Train, root: data.Root);
        return list.Subset(data.TrainFraction).Items.Count;
    }

    // The second of two steps, on noise.
    private static double SecondsOfStep(Recipe recipe, string device)
    {
        using var scope = NewDisposeScope();
        var (options, on) = (recipe.Training, ComputeDevice.Named(device));
        int size = options.MicroBatchSize > 0 ? options.MicroBatchSize : options.BatchSize;
        var config = recipe.ModelConfig(classes: 8);
        using var model = config.Create().to(on);
        using var groups = new ParameterGroups(model, options);
        var clips = randn([size, config.InChannels, config.NumFrames, config.ImageSize, config.ImageSize], device: on); // (B, C, T, H, W)
        var labels = zeros(size, ScalarType.Int64, on);                                                                 // (B)
        model.train();
        Step();
        var clock = Stopwatch.StartNew();
        Step();
        if (on.type is DeviceType.CUDA) cuda.synchronize(on);
        return clock.Elapsed.TotalSeconds * options.BatchSize / size;

        void Step()
        {
            using var inner = NewDisposeScope();
            groups.Optimizer.zero_grad();
            Tensor Loss(Tensor output) => model is VideoMaePretraining ? output
                : functional.cross_entropy(output.to_type(ScalarType.Float32), labels);
            Trainer.Backward(model, clips, Loss, options.Precision, options.ActivationCheckpointing);
            groups.Optimizer.step();
        }
    }
}
