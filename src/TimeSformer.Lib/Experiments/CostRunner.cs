using System.Diagnostics;
using System.Runtime.InteropServices;
using TimeSformer.Costs;
using TimeSformer.Kernels;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Experiments;

/// <summary>
/// Measures the models of a cost study that have no result yet, each composed of operations and fused. Machines drift, so the models take
/// turns: in each round each of them makes one timed pass of each kind, after one that does not count.
/// </summary>
public sealed class CostRunner(Study study, string scale, string results, string device = "cpu")
{
    /// <summary>Measurements of each model; their median counts.</summary>
    public const int Rounds = 3;

    private const double UsableMemory = 0.8;

    /// <summary>The folder of the results of this study and size.</summary>
    public string Folder => Path.Combine(results, scale, study.Name);

    /// <summary>How each model is computed in turn: composed, and as this device does.</summary>
    public IReadOnlyList<Computation> Computations { get; } =
        [Computation.Composed, device == "cpu" ? Computation.FusedSteps : Computation.FusedAttention];

    /// <summary>The result of a run computed in one way, or null if it is missing or belongs to another recipe.</summary>
    public CostResult? Find(StudyRun run, Computation computation)
    {
        var result = ResultFile.Read<CostResult>(FileOf(run, computation));
        return result?.Hash == run.Hash && result.Computation == computation ? result : null;
    }

    /// <summary>Measures all the given runs together in all ways, and writes their results at the end.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="progress">Receives the number of measurements so far, over all <see cref="Rounds"/>.</param>
    /// <param name="cancel">Ends the work; nothing is written.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InputException">This libtorch does not report its memory.</exception>
    /// <exception cref="RunHeldException">Another process measures the study; only figures of one machine compare.</exception>
    public void Measure(IReadOnlyList<StudyRun> runs, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        using var held = FolderLock.Take(Folder, TimeSpan.Zero, cancel)
            ?? throw new RunHeldException($"{Folder}: {FolderLock.Holder(Folder)?.ToString() ?? "another process"} measures this study");
        var passes = runs.SelectMany(_ => Computations, ValueTuple.Create).ToDictionary(pair => pair, _ => new List<Pass>());
        int done = 0;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (var run in runs)
            {
                foreach (var computation in Computations)
                {
                    cancel.ThrowIfCancellationRequested();
                    if (Fits(run, computation) && TryMeasure(run, computation) is { } pass) passes[(run, computation)].Add(pass);
                }
                progress?.Report(++done);
            }
        }
        foreach (var ((run, computation), measured) in passes)
        {
            ResultFile.Write(FileOf(run, computation), Result(run, computation, measured));
        }
    }

    private CostResult Result(StudyRun run, Computation computation, List<Pass> passes)
    {
        var (recipe, cost) = (run.Recipe, CostOf(run, computation));
        long side = cost.Height / cost.Config.PatchSize;
        int batch = recipe.Training.BatchSize;
        return new(
            study.Name, scale, run.Point, run.Hash, cost.Parameters, side * side * cost.Frames, cost.MultiplyAdds, batch,
            Median(pass => pass.ForwardSeconds), Median(pass => pass.TrainingSeconds),
            Median(pass => pass.ForwardBytes), Median(pass => pass.TrainingBytes),
            cost.TrainingMemory(batch), RecipeFile.ToYaml(recipe), Provenance.Now(device))
        {
            Computation = computation,
        };

        T? Median<T>(Func<Pass, T> value)
            where T : struct => passes.Count == 0 ? null : passes.Select(value).Order().ElementAt(passes.Count / 2);
    }

    // An accelerator's memory is not known here: what does not fit there fails.
    private bool Fits(StudyRun run, Computation computation) => device != "cpu"
        || CostOf(run, computation).TrainingMemory(run.Recipe.Training.BatchSize)
        < UsableMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private Pass? TryMeasure(StudyRun run, Computation computation)
    {
        using var kernels = computation is Computation.FusedSteps ? null : CpuKernels.Off();
        using var attention = computation is Computation.Composed ? FusedAttention.Off() : null;
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
        KernelFunctions.Release(); // else it would count as memory that this pass frees
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

    private static ModelCost CostOf(StudyRun run, Computation computation) => CostModel.Of(ConfigOf(run.Recipe), computation);

    private static TimeSformerConfig ConfigOf(Recipe recipe) => recipe.ModelConfig(TimeSformerConfig.Base.NumClasses) as TimeSformerConfig
        ?? throw new RecipeException($"model.preset is '{recipe.Model.Preset}'; costs are computed for TimeSformer alone");

    private string FileOf(StudyRun run, Computation computation)
    {
        var name = string.Join("_", run.Point.Values).Replace(' ', '-');
        return Path.Combine(Folder, computation is Computation.Composed ? $"{name}.json" : $"{name}_fused.json");
    }

    private readonly record struct Pass(double ForwardSeconds, double TrainingSeconds, long ForwardBytes, long TrainingBytes);
}
