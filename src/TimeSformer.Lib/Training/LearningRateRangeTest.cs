using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Training;

/// <summary>A step of a range test: its learning rate, and the loss before it, smoothed.</summary>
public sealed record RangeStep(double LearningRate, double Loss);

/// <summary>
/// Finds a learning rate by a short training in which it grows from step to step (Smith, "Cyclical Learning Rates for Training Neural
/// Networks", WACV 2017, section 3.3). Nothing of that training is kept.
/// </summary>
public static class LearningRateRangeTest
{
    private const double Lowest = 1e-5, Highest = 0.1, Smoothing = 0.8, Diverged = 2, FractionOfBest = 0.5;

    /// <summary>Trains for a number of steps, or until the loss diverges.</summary>
    /// <param name="recipe">Prepared; its learning rate and schedule do not count.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    /// <param name="progress">Receives the number of steps done.</param>
    /// <param name="cancel">Ends the test.</param>
    /// <exception cref="InputException">The videos or the weights cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<RangeStep> Run(
        Recipe recipe, int steps = 60, string device = "cpu", IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        Libtorch.set_flush_denormal(true);
        var (options, on) = (recipe.Training, ComputeDevice.Named(device));
        var videos = VideoList.Read(recipe.Data.Train, root: recipe.Data.Root);
        using var data = new VideoDataset(
            videos, recipe.Data.Clip, recipe.Data.Augmentation(), options.Seed, recipe.Data.CacheMegabytes * 1_000_000L,
            policy: recipe.Data.Policy);
        manual_seed(options.Seed);
        using var model = recipe.ModelConfig(videos.Classes.Count).Create().to(on);
        if (recipe.Model.Pretrained is { } weights) Pretrained.Load(model, weights);
        using var groups = new ParameterGroups(model, options);
        model.train();
        List<RangeStep> done = [];
        double smoothed = 0, best = double.PositiveInfinity;
        for (int epoch = 0; done.Count < steps; epoch++)
        {
            data.Epoch = epoch;
            foreach (var batch in data.Batches(Seeds.Order(data.Count, options.Seed, epoch), options.BatchSize, recipe.Data.NumWorkers))
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                using var owned = batch!;
                double rate = Lowest * Math.Pow(Highest / Lowest, (double)done.Count / Math.Max(1, steps - 1));
                groups.SetLearningRate(rate);
                groups.Optimizer.zero_grad();
                var labels = owned.Labels.UploadTo(on);
                double loss = Trainer.Backward(
                    model, recipe.Data.Clip.Normalization.Apply(owned.Clips.UploadTo(on)),
                    logits => functional.cross_entropy(logits.to_type(ScalarType.Float32), labels), options.Precision,
                    options.ActivationCheckpointing).ToDouble();
                groups.Optimizer.step();
                // An average without the bias of its start.
                int count = done.Count + 1;
                smoothed = (Smoothing * smoothed) + ((1 - Smoothing) * loss);
                double unbiased = smoothed / (1 - Math.Pow(Smoothing, count));
                if (!double.IsFinite(loss) || unbiased > Diverged * best) return done;
                done.Add(new(rate, unbiased));
                best = Math.Min(best, unbiased);
                progress?.Report(count);
                if (count == steps) return done;
            }
        }
        return done;
    }

    /// <summary>
    /// Half the rate at which the loss is lowest: in a few dozen steps of small batches it hardly falls before it rises for good, so that
    /// the usual tenth is too little. It stays within a factor of three of what suits most models, because so short a test is noisy.
    /// </summary>
    /// <param name="steps">As <see cref="Run"/> returns them.</param>
    /// <param name="usual">What suits most models.</param>
    public static double Choose(IReadOnlyList<RangeStep> steps, double usual) => steps.Count == 0
        ? usual
        : Math.Clamp(FractionOfBest * steps.MinBy(step => step.Loss)!.LearningRate, usual / 3, usual * 3);
}
