using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Distributed;
using TimeSformer.Models;
using TimeSformer.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Training;

/// <summary>
/// Trains a model as a recipe says, in a folder that holds the run: recipe, log and checkpoints. An unfinished run there is resumed; on one
/// machine it then takes the same steps, with the same losses, as one that was never interrupted.
/// </summary>
/// <param name="recipe">With lists of videos; <see cref="RecipeInputs"/> prepares one that describes them otherwise.</param>
/// <param name="run">The run's folder.</param>
/// <param name="device">cpu, cuda or cuda:N.</param>
public sealed class Trainer(Recipe recipe, string run, string device = "cpu")
{
    /// <summary>The file in a run's folder that says where each parameter of a pretrained model came from.</summary>
    public const string PretrainedName = "pretrained.txt";

    internal const string RecipeName = "recipe.yaml";

    // Clips draw from streams with numbers from 0.
    private const long MixUpStream = -2;

    private OptimizationRecipe Options => recipe.Training;

    private FolderLock? held;

    private bool KeepsRun => World is null or { Rank: 0 };

    /// <summary>Called after each step; on a GPU, while it computes the next one.</summary>
    public Action<TrainingProgress>? OnStep { get; init; }

    /// <summary>Called during an evaluation with the videos done, and of how many.</summary>
    public Action<int, int>? OnEvaluating { get; init; }

    /// <summary>Called with the epoch's index after each evaluation.</summary>
    public Action<int, Evaluation>? OnEpoch { get; init; }

    /// <summary>Called before the first step with a sentence about what looks wrong with the lists, or was put right.</summary>
    public Action<string>? OnWarning { get; init; }

    /// <summary>
    /// The processes that train together, each a part of every batch; null for this one alone. <c>batch_size</c> is theirs together, so
    /// that their number changes neither the order of the videos nor the losses, but for what is drawn at random within a step, for MixUp,
    /// which mixes clips of one process, and for batch norms, which see one process's clips. Rank 0 has the run's folder, and the others
    /// need none.
    /// </summary>
    public ProcessGroup? World { get; init; }

    /// <summary>Whether a recipe that differs in its number of epochs and its learning rates continues the run in the folder.</summary>
    public bool Extend { get; init; }

    /// <summary>Called before the first step of a run that starts from pretrained weights.</summary>
    public Action<LoadReport>? OnPretrained { get; init; }

    /// <summary>Bytes that are free where a folder is.</summary>
    internal Func<string, long> FreeBytes { get; init; } = DiskSpace.Free;

    /// <summary>Trains to the end, or until cancelled; a cancelled run saves a checkpoint first.</summary>
    /// <exception cref="RecipeException">The recipe does not fit the data, or the folder holds a run of another recipe.</exception>
    /// <exception cref="InputException">A list, checkpoint or video is missing or wrong, or the device is not available.</exception>
    /// <exception cref="RunHeldException">Another process took the run over, as this one was suspended or cut off for too long.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public TrainingResult Run(CancellationToken cancel = default)
    {
        Libtorch.set_flush_denormal(true); // each thread has its own setting
        var on = ComputeDevice.Named(device);
        Check(on);
        using var locked = held = KeepsRun ? Locked(cancel) : null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, held?.Lost ?? default);
        var videos = VideoList.Read(recipe.Data.Train, root: recipe.Data.Root).Subset(recipe.Data.TrainFraction);
        using var data = new VideoDataset(
            videos, recipe.Data.Clip, recipe.Data.Augmentation(), Options.Seed, recipe.Data.CacheMegabytes * 1_000_000L,
            policy: recipe.Data.Policy);
        WarnOfEmptyClasses(videos);
        // Read before the first step: a wrong label is found while nothing is lost.
        var validationVideos = recipe.Data.Val.Length > 0
            ? ClassMapping.Read(recipe.Data.Val, videos.Classes, "the training list", recipe.Data.Root, OnWarning)
            : null;
        foreach (var list in new[] { videos, validationVideos }.OfType<VideoList>())
        {
            if (list.Items.Any(video => Path.Exists(video.Path))) continue;
            throw new RecipeException(
                $"none of the {list.Items.Count} videos of a list exists, such as {list.Items[0].Path}; data.root says where paths start");
        }
        using var state = KeepsRun
            ? TrainingState.StartOrResume(recipe, run, on, videos.Classes, OnPretrained, Extend)
            : TrainingState.Start(recipe, on, videos.Classes);
        // A run that was interrupted has had room; its next checkpoint fails without losing the last.
        if (KeepsRun && state.Step == 0) state.RequireSpace(run, FreeBytes);
        if (World is not null) state.Share(World);
        if (state.Note is { } note) OnWarning?.Invoke(note);
        using var validationData = validationVideos is null ? null : new VideoDataset(
            validationVideos, state.Clip, cacheBytes: recipe.Data.CacheMegabytes * 1_000_000L, views: recipe.Data.SingleView,
            policy: recipe.Data.Policy);
        using var weights = Options.ClassWeights is ClassWeighting.Balanced ? tensor(ClassWeights.Balanced(videos), device: on) : null;
        using var log = KeepsRun ? new RunLog(run, state.Step, state.Epoch) : null;
        KeepBest(state.Step); // a run that was killed had perhaps no time to
        using var parallel = World is null ? null : new DistributedDataParallel(World, state.Trained, OnWarning);
        long stepsPerEpoch = (data.Count + Options.BatchSize - 1) / Options.BatchSize;
        var clock = new TrainingClock(Options, stepsPerEpoch, state.Step);
        using var steps = new PendingSteps(on, Read);
        Evaluation? validation = null, best = null;

        while (state.Epoch < Options.Epochs && !IsDone())
        {
            state.Trained.train();
            foreach (var batch in clock.Watch(RemainingBatches(data, state, stepsPerEpoch)))
            {
                using var scope = NewDisposeScope();
                using var owned = batch; // null where other processes have all of an epoch's last batch
                double learningRate = LearningRateSchedule.At(Options, (double)state.Step / stepsPerEpoch);
                state.Groups.SetLearningRate(learningRate);

                state.Optimizer.zero_grad();
                if (World is not null) manual_seed(Seeds.For(Options.Seed, state.Step, World.Rank).NextInt64());
                long count = Math.Min(Options.BatchSize, data.Count - (Options.BatchSize * (state.Step - (state.Epoch * stepsPerEpoch))));
                var losses = Backward(state, owned, count, on, weights, parallel);
                bool last = false;
                if (parallel is not null) (losses, last) = Summed(parallel, losses, end.IsCancellationRequested);
                var scaler = state.Scaler;
                bool finite = scaler?.unscale_(state.Trained.parameters()) ?? true;
                var norm = finite ? Update(state.Optimizer) : null;
                state.Finish(finite);

                steps.Add(new(state.Step, state.Epoch, learningRate, scaler, losses, norm));
                last |= World is null && end.IsCancellationRequested;
                if (!last && !SaveIsDue(state.Step, stepsPerEpoch)) continue;
                steps.ReadAll();
                var saved = Save(state);
                if (last) return Result(saved, interrupted: true);
            }

            steps.ReadAll();
            clock.Pause();
            if (clock.Last is { } progress) log?.Speed(progress);
            bool evaluate = EvaluationIsDue(state.Epoch + 1);
            if (evaluate)
            {
                var saved = Save(state); // an evaluation that fails loses nothing
                try
                {
                    validation = Evaluate(state, validationData!, log, end.Token);
                }
                catch (OperationCanceledException)
                {
                    held?.RequireHeld(run);
                    return Result(saved, interrupted: true);
                }
            }
            state.Epoch++;
            Save(state);
            if (KeepBest(state.Step)) best = validation;
            clock.Resume();
        }
        World?.barrier(); // the last checkpoint is there for all who see it
        return Result((Options.Patience > 0 ? Checkpoint.Kept(run) : null) ?? Checkpoint.Latest(run) ?? run, interrupted: false);

        void Read(PendingStep step)
        {
            double loss = step.ReadLoss();
            log?.Step(step.Step, step.Epoch, loss, step.LearningRate, step.Scaler);
            // A scaled loss may overflow once: its scaler leaves the step out.
            if (!double.IsFinite(loss) && step.Scaler is null) throw NotFinite($"the loss became {loss}", step.Step);
            if (step.Scaler is null && !step.HasFiniteGradients())
            {
                throw NotFinite("the gradients became infinite or NaN after the loss", step.Step);
            }
            clock.Report(step, loss, OnStep);
        }

        TrainingResult Result(string checkpoint, bool interrupted) =>
            new(
                checkpoint, Options.Patience > 0 ? best : validation, interrupted, data.BrokenFiles, clock.Last?.WaitingForData ?? 0,
                clock.Last?.ClipsPerSecond);
    }

    // What can be refused is refused before any work is done.
    private void Check(Device on)
    {
        recipe.Validate();
        if (recipe.Model.Pretraining is not null || recipe.Data.Procedural is not null || recipe.Data.Layout is not null)
        {
            throw new RecipeException("the recipe describes videos or pre-training yet to be made; call RecipeInputs.Prepare first");
        }
        if (Options.BatchSize < World?.Size)
        {
            throw new RecipeException(
                $"training.batch_size: {Options.BatchSize} clips cannot be divided among {World.Size} processes; start fewer, or raise it");
        }
        Autocast.Begin(Options.Precision, on)?.Dispose();
        recipe.RequireFiles(starts: !KeepsRun || Checkpoint.Latest(run) is null);
    }

    private FolderLock Locked(CancellationToken cancel) => FolderLock.Take(run, atMost: TimeSpan.FromSeconds(10), cancel)
        ?? throw new RecipeException($"{run}: another process trains in this folder; wait for it, or choose another folder");

    private void WarnOfEmptyClasses(VideoList videos)
    {
        var present = videos.Items.Select(item => item.Label).ToHashSet();
        var empty = videos.Classes.Where((_, label) => !present.Contains(label)).ToList();
        if (empty.Count == 0) return;
        var shown = $"{string.Join(", ", empty.Take(10))}{(empty.Count > 10 ? $" and {empty.Count - 10} more" : "")}";
        var guess = !videos.HasNames && !present.Contains(0) ? "; labels count from 0, and these seem to count from 1"
            : videos.HasNames ? "" : "; labels count from 0, without gaps";
        OnWarning?.Invoke($"{recipe.Data.Train} has no videos of {empty.Count} of {videos.Classes.Count} classes: {shown}{guess}");
    }

    // This process's part of the epoch's batches, in the epoch's own random order, without those that were learned before the run was
    // interrupted; null for a batch of which it has none.
    private IEnumerable<ClipBatch?> RemainingBatches(VideoDataset data, TrainingState state, long stepsPerEpoch)
    {
        data.Epoch = state.Epoch;
        int learned = (int)(state.Step - (state.Epoch * stepsPerEpoch));
        var order = Seeds.Order(data.Count, Options.Seed, state.Epoch).Skip(learned * Options.BatchSize);
        var (rank, size) = (World?.Rank ?? 0, World?.Size ?? 1);
        var parts = DistributedSampler.Parts(order, Options.BatchSize, rank, size).ToList();
        var (first, end) = DistributedSampler.Share(Options.BatchSize, rank, size);
        var batches = data.Batches(parts.SelectMany(part => part), end - first, recipe.Data.NumWorkers);
        return parts is [.., []] ? batches.Append(null) : batches; // only the last batch is smaller
    }

    // Clips (B, C, T, H, W) and their labels (B) or, mixed, probabilities of classes (B, classes).
    private (Tensor Clips, Tensor Targets) Mixed(ClipBatch batch, Device on, TrainingState state)
    {
        var (clips, targets) = (state.Clip.Normalization.Apply(batch.Clips.UploadTo(on)), batch.Labels.UploadTo(on));
        if (Options.MixupAlpha > 0)
        {
            (clips, targets) = MixUp.Apply(
                clips, targets, state.Classes.Count, Options.MixupAlpha, Seeds.For(Options.Seed, state.Step, MixUpStream));
        }
        return (clips.to_type(state.ClipType), targets);
    }

    // Adds the gradients of a batch's mean loss over so many clips, some of which may be other processes', times a scale, one micro-batch
    // after the other; returns their losses, detached from dispose scopes.
    private List<Tensor> Backward(
        TrainingState state, ClipBatch? batch, long count, Device on, Tensor? weights, DistributedDataParallel? parallel)
    {
        var (clips, targets) = batch is null ? (null, null) : Mixed(batch, on, state);
        var whole = weights is null ? null : WholeWeight(targets, weights);
        long own = clips?.shape[0] ?? 0, size = Options.MicroBatchSize > 0 ? Options.MicroBatchSize : own;
        double scale = state.Scaler?.Scale ?? 1;
        List<Tensor> losses = [];
        for (long start = 0; start < own; start += size)
        {
            using var scope = NewDisposeScope();
            long part = Math.Min(size, own - start);
            var (input, target) = (clips!.narrow(0, start, part), targets!.narrow(0, start, part));
            if (start + part == own) parallel?.BeginLastPass();
            var loss = Backward(state.Trained, input, Loss, state.StepPrecision, Options.ActivationCheckpointing);
            losses.Add(loss.DetachFromDisposeScope());

            Tensor Loss(Tensor output) => Options.Objective is Objective.MaskedPixels ? output.Times((double)part / count * scale)
                : weights is null // of (part, classes)
                ? functional.cross_entropy(output.to_type(ScalarType.Float32), target, label_smoothing: Options.LabelSmoothing)
                    .Times((double)part / count * scale)
                : ClassWeights.Loss(output.to_type(ScalarType.Float32), target, whole!, weights, Options.LabelSmoothing).Times(scale);
        }
        return losses;
    }

    // Of all processes' clips.
    private Tensor WholeWeight(Tensor? targets, Tensor weights)
    {
        var own = targets is null ? zeros(1, device: weights.device) : ClassWeights.Whole(targets, weights);
        if (World is null) return own;
        var whole = own.cpu();
        World.all_reduce(whole).GetAwaiter().GetResult();
        return whole.to(weights.device);
    }

    // Sums gradients, the loss and the wishes to end over all processes.
    private static (List<Tensor> Losses, bool Last) Summed(DistributedDataParallel parallel, List<Tensor> losses, bool last)
    {
        using var totals = tensor([losses.Sum(loss => loss.Number()), last ? 1.0 : 0]);
        parallel.Finish(totals);
        foreach (var loss in losses) loss.Dispose();
        return ([totals[0].to_type(ScalarType.Float32).DetachFromDisposeScope()], totals[1].Number() > 0);
    }

    /// <summary>Adds the gradients of a loss to those of a model's weights.</summary>
    /// <param name="clips">(B, C, T, H, W).</param>
    /// <param name="loss">
    /// Logits (B, classes) to a single number; in masked pre-training, the mean error of the hidden pixels to one.
    /// </param>
    /// <param name="checkpointing">Whether by <see cref="ActivationCheckpointing"/>.</param>
    /// <returns>The loss, without gradient.</returns>
    internal static Tensor Backward(
        VideoModel model, Tensor clips, Func<Tensor, Tensor> loss, Precision precision, bool checkpointing)
    {
        if (checkpointing) return ActivationCheckpointing.Backward((TransformerModel)model, clips, loss, precision);
        Tensor total;
        using (Autocast.Begin(precision, clips.device)) total = loss(Output(model, clips));
        total.backward();
        return total.detach();
    }

    // Masks are drawn anew for each step, from the generator that a checkpoint keeps the state of.
    private static Tensor Output(VideoModel model, Tensor clips)
    {
        if (model is not VideoMaePretraining masked) return model.call(clips);
        using var mask = masked.MaskFor(clips);
        return masked.forward(clips, mask);
    }

    // Returns the norm of the gradients, detached from dispose scopes, if they are clipped.
    private Tensor? Update(Optimizer optimizer)
    {
        if (Options.ClipGradNorm > 0) return optimizer.step(Options.ClipGradNorm).DetachFromDisposeScope();
        optimizer.step();
        return null;
    }

    // Gradients that are not finite, or a leap of the weights, show in the scores before the next loss: such weights are not kept.
    private string Save(TrainingState state)
    {
        if (!KeepsRun) return run;
        held!.RequireHeld(run);
        return state.GivesFiniteScores()
            ? state.Save(run)
            : throw NotFinite("the weights became such that scores are infinite or NaN", state.Step);
    }

    private RecipeException NotFinite(string what, long step) => new(
        $"{what} at step {step}; lower training.lr ({Options.LearningRate}) or set training.clip_grad_norm; "
        + (Checkpoint.Latest(run) is { } last ? $"the last good checkpoint is {last}" : "there is no earlier checkpoint"));

    // Keeps the newest checkpoint if it has just been evaluated, with the lowest loss so far.
    private bool KeepBest(long step)
    {
        if (Options.Patience == 0 || !KeepsRun) return false;
        var log = RunLog.Read(run);
        bool isBest = log.LastOrDefault(entry => entry.Validation is not null)?.Step == step && RunLog.SinceBest(log) == 0;
        if (isBest) Checkpoint.Keep(run, Checkpoint.Latest(run)!);
        return isBest;
    }

    private bool IsDone()
    {
        if (Options.Patience == 0) return false;
        bool done = KeepsRun && RunLog.SinceBest(RunLog.Read(run)) >= Options.Patience;
        return World?.Agree(done) ?? done;
    }

    private bool SaveIsDue(long step, long stepsPerEpoch) =>
        Options.CheckpointEverySteps > 0 && step % Options.CheckpointEverySteps == 0 && step % stepsPerEpoch != 0;

    private bool EvaluationIsDue(int epoch) =>
        Options.Objective is Objective.Classes && recipe.Data.Val.Length > 0
        && (epoch % Options.EvalPeriod == 0 || epoch == Options.Epochs);

    private Evaluation Evaluate(TrainingState state, VideoDataset videos, RunLog? log, CancellationToken cancel)
    {
        var data = recipe.Data;
        bool isLast = state.Epoch + 1 == Options.Epochs;
        using var all = isLast && recipe.FinalViews != videos.Views
            ? new VideoDataset(videos.Videos, videos.Clip, views: recipe.FinalViews, policy: data.Policy)
            : null;
        if (World is not null) state.ShareStatistics(World);
        int share = (int)videos.Count / (World?.Size ?? 1);
        var evaluation = Evaluator.Run(
            state.Evaluated, all ?? videos, Options.BatchSize, data.NumWorkers, device, Options.Precision, World,
            done => OnEvaluating?.Invoke(done, share), cancel);
        log?.Validation(state.Step, state.Epoch, evaluation, (all ?? videos).Views);
        OnEpoch?.Invoke(state.Epoch, evaluation);
        return evaluation;
    }
}
