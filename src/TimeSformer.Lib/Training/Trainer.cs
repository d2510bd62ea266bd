using System.Diagnostics;
using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Training;

/// <summary>
/// Trains a model as a recipe says, in a folder that holds the run: recipe, log and checkpoints. A run found unfinished there is gone on
/// with; on one machine it then takes the same steps, with the same losses, as one that was never interrupted.
/// </summary>
public sealed class Trainer(Recipe recipe, string run, string device = "cpu")
{
    internal const string RecipeName = "recipe.yaml";

    /// <summary>The file in a run's folder that says what became of each weight of <see cref="ModelRecipe.Pretrained"/>.</summary>
    public const string PretrainedName = "pretrained.txt";

    // Clips draw from streams with numbers from 0.
    private const long MixUpStream = -2;

    /// <summary>Called after each step.</summary>
    public Action<TrainingProgress>? OnStep { get; init; }

    /// <summary>Called with the epoch's index after each evaluation.</summary>
    public Action<int, Evaluation>? OnEpoch { get; init; }

    /// <summary>Called before the first step of a run that starts from weights of others.</summary>
    public Action<LoadReport>? OnPretrained { get; init; }

    /// <summary>Trains to the end, or until cancelled; cancelled, it saves a checkpoint first.</summary>
    /// <exception cref="RecipeException">The recipe does not fit the data, or the folder holds a run of another recipe.</exception>
    /// <exception cref="IOException">A list or checkpoint cannot be read or written.</exception>
    public TrainingResult Run(CancellationToken cancel = default)
    {
        Libtorch.set_flush_denormal(true); // each thread has its own
        recipe.Validate();
        if (recipe.Model.Pretraining is not null) throw new RecipeException("model.pretraining is a recipe to run first: give the trainer what Pretraining.Materialise makes of it");
        var (options, on) = (recipe.Training, ComputeDevice.Named(device));
        Autocast.Begin(options.Precision, on)?.Dispose(); // refused before any work is done
        recipe.RequireFiles(starts: Checkpoint.Latest(run) is null);
        var list = VideoList.Read(recipe.Data.Train, root: recipe.Data.Root).Share(recipe.Data.TrainShare);
        using var held = FolderLock.Take(run, atMost: TimeSpan.FromSeconds(10), cancel) ?? throw new RecipeException($"{run}: another process trains in this folder; wait for it, or choose another folder");
        var saved = Checkpoint.Latest(run);
        var (source, clip) = (recipe.Data, new ClipRecipe(recipe.Data.Frames, recipe.Data.SamplingRate, recipe.Data.CropSize));
        using var data = new VideoDataset(list, clip, source.Augmentation(), options.Seed, source.CacheMegabytes * 1_000_000L);
        long stepsPerEpoch = (list.Items.Count + options.BatchSize - 1) / options.BatchSize;

        manual_seed(options.Seed);
        using var model = new TimeSformerModel(recipe.ModelConfig(list.Classes.Count)).to(on);
        var pretrained = saved is null && recipe.Model.Pretrained is { } weights ? Pretrained.Load(model, weights) : null;
        using var trained = new TrainedWeights(model, options);
        using var average = options.EmaDecay > 0 ? new WeightAverage(model, options.EmaDecay) : null;
        var optimizer = trained.Optimizer;
        var info = new CheckpointInfo(model.Config, list.Classes, recipe.Data.SamplingRate, Step: 0, Epoch: 0, options.Precision is Precision.Float16 ? new() : null);
        ClaimFolder();
        if (pretrained is not null)
        {
            File.WriteAllText(Path.Combine(run, PretrainedName), pretrained.ToString());
            OnPretrained?.Invoke(pretrained);
        }
        if (saved is not null)
        {
            Checkpoint.Restore(saved, model, optimizer, average?.Model);
            info = Checkpoint.Open(saved).Info;
        }

        using var log = new RunLog(run, info.Step, info.Epoch);
        var (clock, waiting, before) = (Stopwatch.StartNew(), new Stopwatch(), info.Step);
        Evaluation? validation = null;
        TrainingProgress? progress = null;
        for (int epoch = info.Epoch; epoch < options.Epochs; epoch++)
        {
            model.train();
            long step = info.Step;
            data.Epoch = epoch;
            // After a resumption the epoch's first batches are passed over: they were learnt.
            var order = Seeds.Order(data.Count, options.Seed, epoch).Skip((int)(step - (epoch * stepsPerEpoch)) * options.BatchSize);
            using var batches = data.Batches(order, options.BatchSize, source.Workers).GetEnumerator();
            while (true)
            {
                waiting.Start();
                bool more = batches.MoveNext();
                waiting.Stop();
                if (!more) break;

                using var scope = NewDisposeScope();
                double rate = LearningRateSchedule.At(options, (double)step / stepsPerEpoch);
                trained.SetRate(rate);

                using var batch = batches.Current!;
                var clips = ClipNormalization.Default.Apply(batch.Clips.to(on));                        // (B, C, T, H, W)
                var targets = batch.Labels.to(on);                                                         // (B) or, mixed, (B, classes)
                if (options.MixupAlpha > 0) (clips, targets) = MixUp.Apply(clips, targets, list.Classes.Count, options.MixupAlpha, Seeds.For(options.Seed, step, MixUpStream));
                optimizer.zero_grad();
                double loss = Backward(model, clips, targets, info.LossScale?.Scale ?? 1);
                bool finite = info.LossScale?.unscale_(model.parameters()) ?? true;
                if (options.ClipGradient > 0) torch.nn.utils.clip_grad_norm_(model.parameters(), options.ClipGradient);
                if (finite) optimizer.step();
                step++;
                average?.Update(model, step);

                log.Step(step, epoch, loss, rate, info.LossScale);
                if (info.LossScale is null && !double.IsFinite(loss)) throw new RecipeException($"the loss became {loss} at step {step}; lower training.learning_rate ({options.LearningRate}) or set training.clip_gradient");
                progress = Progress(epoch, step, loss, rate);
                OnStep?.Invoke(progress);

                info = info with { Step = step, LossScale = info.LossScale?.update(finite) };
                if (cancel.IsCancellationRequested)
                {
                    return new(Checkpoint.Save(run, info with { Epoch = epoch }, model, optimizer, average?.Model), validation, Interrupted: true, data.BrokenFiles, progress.WaitingForData);
                }
                if (options.CheckpointEverySteps > 0 && step % options.CheckpointEverySteps == 0 && step < (epoch + 1) * stepsPerEpoch)
                {
                    Checkpoint.Save(run, info with { Epoch = epoch }, model, optimizer, average?.Model);
                }
            }

            clock.Stop();
            if (progress is not null) log.Speed(progress);
            info = info with { Epoch = epoch + 1 };
            if (recipe.Data.Val.Length > 0 && (info.Epoch % options.EvalPeriod == 0 || info.Epoch == options.Epochs))
            {
                var videos = VideoList.Read(recipe.Data.Val, classes: list.Classes.Count, root: source.Root);
                var views = info.Epoch == options.Epochs ? new TestViews(source.TestViews, source.TestCrops) : new();
                validation = Evaluator.Run(average?.Model ?? model, videos, clip, options.BatchSize, source.Workers, device, views, options.Precision);
                log.Validation(step, epoch, validation, views);
                OnEpoch?.Invoke(epoch, validation);
            }
            saved = Checkpoint.Save(run, info, model, optimizer, average?.Model);
            clock.Start();
        }
        return new(saved!, validation, Interrupted: false, data.BrokenFiles, progress?.WaitingForData ?? 0);

        TrainingProgress Progress(int epoch, long step, double loss, double rate)
        {
            long steps = options.Epochs * stepsPerEpoch;
            double perStep = clock.Elapsed.TotalSeconds / (step - before);
            return new(epoch, options.Epochs, step, steps, loss, rate, options.BatchSize / perStep,
                TimeSpan.FromSeconds(perStep * (steps - step)), waiting.Elapsed / clock.Elapsed);
        }
    }

    // Adds the gradients of the mean loss over a batch, times a scale, part by part; gives the loss.
    private double Backward(TimeSformerModel model, Tensor clips, Tensor targets, double scale)
    {
        var (options, count) = (recipe.Training, clips.shape[0]);
        long size = options.MicroBatchSize > 0 ? options.MicroBatchSize : count;
        double total = 0;
        for (long start = 0; start < count; start += size)
        {
            using var scope = NewDisposeScope();
            long part = Math.Min(size, count - start);
            var (input, target) = (clips.narrow(0, start, part), targets.narrow(0, start, part));
            Tensor Loss(Tensor logits) =>                                                                  // of (part, classes)
                functional.cross_entropy(logits.to_type(ScalarType.Float32), target, label_smoothing: options.LabelSmoothing).Times((double)part / count * scale);
            total += options.ActivationCheckpointing
                ? ActivationCheckpointing.Backward(model, input, Loss, options.Precision)
                : Backward(model, input, Loss);
        }
        return total / scale;
    }

    private double Backward(TimeSformerModel model, Tensor clips, Func<Tensor, Tensor> loss)
    {
        Tensor total;
        using (Autocast.Begin(recipe.Training.Precision, clips.device)) total = loss(model.call(clips));
        total.backward();
        return total.item<float>();
    }

    // A folder holds one run: going on with another recipe would mix two.
    private void ClaimFolder()
    {
        Directory.CreateDirectory(run);
        var (path, yaml) = (Path.Combine(run, RecipeName), RecipeFile.ToYaml(recipe));
        bool there = File.Exists(path);
        if (there && File.ReadAllText(path) == yaml) return;
        if (there && Checkpoint.Latest(run) is not null) throw new RecipeException($"{run} holds a run of another recipe ({path}); choose another folder, or delete it");
        File.WriteAllText(path + ".partial", yaml);
        File.Move(path + ".partial", path, overwrite: true);
    }
}
