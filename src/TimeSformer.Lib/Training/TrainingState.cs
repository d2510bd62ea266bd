using TimeSformer.Checkpoints;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Distributed;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>All that changes while a model is trained: what a checkpoint of its run holds.</summary>
internal sealed class TrainingState : IDisposable
{
    private readonly ModelEma? ema;
    private readonly VideoModel? copy;
    private readonly Precision precision;
    private readonly int keptCheckpoints;
    private readonly bool keepsBest;

    private TrainingState(Recipe recipe, IReadOnlyList<string> classes, Device on, string? saved)
    {
        var options = recipe.Training;
        Classes = classes;
        Clip = recipe.Data.Clip with { Normalization = NormalizationOf(recipe, saved) };
        manual_seed(options.Seed);
        Model = recipe.ModelConfig(classes.Count).Create().to(on);
        if (saved is null && recipe.Model.Pretrained is { } weights)
        {
            Report = Pretrained.Load(Model, weights);
            Note = PretrainedHead.Reorder(Model, weights, classes);
        }
        if (saved is null && recipe.Model.TemporalFcStd is { } std) StartTemporalLayers(std);
        if (options.Precision is Precision.Bfloat16Weights)
        {
            copy = Model.Config.Create(initialize: false).to(on, ScalarType.BFloat16);
            UpdateCopy();
        }
        Groups = new ParameterGroups(Model, options, copy);
        ema = options.EmaDecay > 0 ? new(Model, options.EmaDecay) : null;
        precision = options.Precision;
        (keptCheckpoints, keepsBest) = (options.KeepCheckpoints, options.Patience > 0);
        Scaler = precision is Precision.Float16 ? new() : null;
    }

    public IReadOnlyList<string> Classes { get; }

    /// <summary>
    /// The clips that the model takes; if the recipe does not say how colors are normalized, as its pretrained weights are used to.
    /// </summary>
    public ClipFormat Clip { get; }

    public VideoModel Model { get; }

    /// <summary>
    /// The model that computes the steps and has the gradients: a copy in bfloat16 that the optimizer updates, or the model itself.
    /// </summary>
    public VideoModel Trained => copy ?? Model;

    /// <summary>The precision of the steps. A copy in bfloat16 needs no casts.</summary>
    public Precision StepPrecision => copy is null ? precision : Precision.Float32;

    /// <summary>The type of the clips that <see cref="Trained"/> takes.</summary>
    public ScalarType ClipType => copy is null ? ScalarType.Float32 : ScalarType.BFloat16;

    public ParameterGroups Groups { get; }

    public Optimizer Optimizer => Groups.Optimizer;

    /// <summary>The next step's; null unless training is in float16.</summary>
    public GradScaler? Scaler { get; private set; }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; set; }

    /// <summary>The model that is evaluated and used later: the moving average of the weights, if there is one.</summary>
    public VideoModel Evaluated => ema?.Model ?? Model;

    /// <summary>A sentence about a pretrained head whose classes have another order, or about damaged checkpoints; or null.</summary>
    public string? Note { get; private set; }

    private LoadReport? Report { get; }

    /// <summary>The state before the first step of a run that another process keeps the folder of, to be shared by it.</summary>
    public static TrainingState Start(Recipe recipe, Device on, IReadOnlyList<string> classes) => new(recipe, classes, on, saved: null);

    /// <summary>
    /// The state at the run's newest checkpoint that is whole, or that before the first step; the folder then holds the recipe. Damaged
    /// checkpoints are set aside if an older one is whole.
    /// </summary>
    /// <param name="recipe">Prepared.</param>
    /// <param name="run">The run's folder, which this process has locked.</param>
    /// <param name="on">Where the model is trained.</param>
    /// <param name="classes">Class names by label.</param>
    /// <param name="onPretrained">Called if the run starts from pretrained weights.</param>
    /// <param name="extend">Whether the folder's recipe may differ in its epochs and learning rates.</param>
    /// <exception cref="RecipeException">The folder holds a run of another recipe.</exception>
    /// <exception cref="InputException">No checkpoint is whole.</exception>
    public static TrainingState StartOrResume(
        Recipe recipe, string run, Device on, IReadOnlyList<string> classes, Action<LoadReport>? onPretrained, bool extend = false)
    {
        var checkpoints = Checkpoint.All(run);
        if (checkpoints.Count == 0) return At(null);
        List<CheckpointException> damage = [];
        foreach (var saved in checkpoints)
        {
            try
            {
                var state = At(saved);
                if (damage.Count > 0) state.Note = SetAside(checkpoints.Take(damage.Count), damage[0], saved);
                return state;
            }
            catch (CheckpointException error)
            {
                damage.Add(error);
            }
        }
        throw damage[0];

        TrainingState At(string? saved) => new TrainingState(recipe, classes, on, saved).OrDispose(state =>
        {
            WriteRecipe(recipe, run, extend);
            if (saved is not null) state.Restore(saved);
            if (state.Report is { } report)
            {
                File.WriteAllText(Path.Combine(run, Trainer.PretrainedName), report.ToString());
                onPretrained?.Invoke(report);
            }
            return state;
        });
    }

    /// <summary>Takes over the state of rank 0.</summary>
    public void Share(ProcessGroup world)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var saved = Optimizer.state_dict(Model.named_parameters());
        VideoModel[] models = ema is null ? [Model] : [Model, ema.Model];
        Broadcast(world, models.SelectMany(model => model.state_dict().Values).Concat(saved.Values));
        Optimizer.load_state_dict(Model.named_parameters(), name => saved[name]);
        using var counts = tensor([(double)Step, Epoch, Scaler?.Scale ?? 1, Scaler?.GrowthTracker ?? 0, Scaler?.Skipped ?? 0]);
        world.broadcast(counts).GetAwaiter().GetResult();
        var read = counts.data<double>().ToArray();
        (Step, Epoch) = ((long)read[0], (int)read[1]);
        if (Scaler is not null) Scaler = Scaler with { Scale = read[2], GrowthTracker = (int)read[3], Skipped = (int)read[4] };
        UpdateCopy();
    }

    /// <summary>Takes over the statistics of batch norms from rank 0, whose are saved; the processes gather their own.</summary>
    public void ShareStatistics(ProcessGroup world)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Broadcast(world, Evaluated.buffers());
    }

    private static void Broadcast(ProcessGroup world, IEnumerable<Tensor> tensors)
    {
        foreach (var own in tensors)
        {
            var shared = own.cpu().contiguous();
            world.broadcast(shared).GetAwaiter().GetResult();
            if (world.Rank > 0) own.copy_(shared);
        }
    }

    /// <summary>Counts a step, which a scaler leaves out if its gradients were not finite.</summary>
    public void Finish(bool finite)
    {
        Step++;
        ema?.Update(Model, Step);
        Scaler = Scaler?.update(finite);
    }

    /// <summary>Whether the model, and its average, give finite scores for a blank clip.</summary>
    public bool GivesFiniteScores()
    {
        using var _ = no_grad();
        bool wasTraining = Model.training;
        Model.eval();
        bool finite = new[] { Model, Evaluated }.Distinct().All(IsFinite);
        if (wasTraining) Model.train();
        return finite;

        static bool IsFinite(VideoModel model)
        {
            using var scope = NewDisposeScope();
            var (config, on) = (model.Config, model.parameters().First().device);
            var clip = zeros(new long[] { 1, config.InChannels, config.NumFrames, config.ImageSize, config.ImageSize }, device: on);
            return model.call(clip).isfinite().all().item<bool>(); // of (1, classes)
        }
    }

    /// <summary>
    /// Throws unless the run's checkpoints fit on the disk: those that are kept, with patience the best, and one that is being written.
    /// </summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="freeBytes">Tells the bytes free where a folder is.</param>
    /// <exception cref="IOException">They do not; names the folder and both sizes.</exception>
    public void RequireSpace(string run, Func<string, long> freeBytes)
    {
        int moments = Optimizer is AdamW ? 2 : 1;
        long values = Model.state_dict().Values.Sum(weight => weight.numel()) * (ema is null ? 1 : 2);
        values += moments * Optimizer.ParamGroups.SelectMany(group => group.Parameters).Sum(parameter => parameter.numel());
        long one = sizeof(float) * values;
        long needed = (keptCheckpoints + (keepsBest ? 2 : 1)) * one, free = freeBytes(run);
        if (free >= needed) return;
        throw new IOException(
            $"{run}: the run's checkpoints need {DiskSpace.Text(needed)} (training.keep_checkpoints, {keptCheckpoints}, "
            + $"{(keepsBest ? "the best, " : "")}and one that is being written), but {DiskSpace.Text(free)} are free; make room, or choose "
            + "a folder on another disk");
    }

    /// <summary>Writes a checkpoint.</summary>
    /// <returns>Its folder.</returns>
    /// <exception cref="IOException">It cannot be written; earlier checkpoints are untouched.</exception>
    public string Save(string run)
    {
        RunLog.Flush(run); // no checkpoint is ahead of its log, even after a power failure
        return Checkpoint.Save(
            run, new(Model.Config, Classes, Clip.SamplingRate) { Normalization = Clip.Normalization }, new(Step, Epoch, Scaler), Model,
            Optimizer, ema?.Model, keptCheckpoints);
    }

    public void Dispose()
    {
        ema?.Dispose();
        Groups.Dispose();
        copy?.Dispose();
        Model.Dispose();
    }

    private static ClipNormalization NormalizationOf(Recipe recipe, string? saved)
    {
        var (data, weights) = (recipe.Data, saved ?? recipe.Model.Pretrained);
        bool asRecipe = weights is null || data.Mean is not null || data.Std is not null;
        return asRecipe ? data.Clip.Normalization : Pretrained.NormalizationOf(weights!) ?? ClipNormalization.Default;
    }

    private void StartTemporalLayers(double std)
    {
        using var _ = no_grad();
        foreach (var (name, weight) in Model.named_parameters())
        {
            if (name.EndsWith("temporal_fc.weight", StringComparison.Ordinal)) weight.normal_(0, std);
        }
    }

    // Newer than the checkpoint that is restored.
    private static string SetAside(IEnumerable<string> damaged, CheckpointException cause, string restored)
    {
        var names = damaged.Select(Checkpoint.SetAside).Select(Path.GetFileName).ToList();
        return $"{cause.Message}; training resumes from {restored}, and what is damaged is now called {string.Join(", ", names)}";
    }

    private void Restore(string checkpoint)
    {
        (Step, Epoch, Scaler) = Checkpoint.Restore(checkpoint, Model, Optimizer, ema?.Model);
        UpdateCopy();
    }

    private void UpdateCopy()
    {
        if (copy is null) return;
        using var _ = no_grad();
        foreach (var (rounded, weight) in copy.parameters().Zip(Model.parameters())) rounded.copy_(weight);
    }

    // A folder holds one run: resuming with another recipe would mix two.
    private static void WriteRecipe(Recipe recipe, string run, bool extend)
    {
        var (path, yaml) = (Path.Combine(run, Trainer.RecipeName), RecipeFile.ToYaml(recipe));
        var other = File.Exists(path) ? File.ReadAllText(path) : null;
        if (other == yaml) return;
        if (other is not null && Checkpoint.Latest(run) is not null)
        {
            bool longer = RecipeFile.ToYaml(WithScheduleOf(RecipeFile.Parse(other), recipe)) == yaml;
            if (!longer) throw new RecipeException($"{run} holds a run of another recipe ({path}); choose another folder, or delete it");
            if (!extend) throw new RecipeException($"{run} holds a run of another recipe, of other epochs or rates; --extend continues it");
        }
        WholeFile.Write(path, partial => File.WriteAllText(partial, yaml));
    }

    private static Recipe WithScheduleOf(Recipe recipe, Recipe other) => recipe with
    {
        Training = recipe.Training with
        {
            Epochs = other.Training.Epochs,
            LearningRate = other.Training.LearningRate,
            Policy = other.Training.Policy,
            Steps = other.Training.Steps,
            StepFactors = other.Training.StepFactors,
            FinalLearningRate = other.Training.FinalLearningRate,
            WarmupEpochs = other.Training.WarmupEpochs,
            WarmupLearningRate = other.Training.WarmupLearningRate,
        },
    };
}
