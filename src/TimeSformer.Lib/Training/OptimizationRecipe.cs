using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using TimeSformer.Torch;
using YamlDotNet.Serialization;
using static TimeSformer.Training.RecipeRules;
using static YamlDotNet.Serialization.DefaultValuesHandling;

namespace TimeSformer.Training;

/// <summary>The optimizer's algorithm.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum; the official recipe.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,
}

/// <summary>How the learning rate changes during a run (the official lr_policy.py).</summary>
public enum LearningRatePolicy
{
    /// <summary>Constant between given epochs; the official recipe.</summary>
    Steps,

    /// <summary>Half a cosine wave, down to a final rate.</summary>
    Cosine,
}

/// <summary>What a model is trained to tell.</summary>
public enum Objective
{
    /// <summary>The classes of labelled videos, by cross entropy.</summary>
    Classes,

    /// <summary>
    /// The hidden pixels of videos, whose labels are not used: VideoMAE's pre-training, by the mean squared error
    /// (<see cref="Models.VideoMaePretraining"/>). Its runs have no accuracy and are not evaluated.
    /// </summary>
    MaskedPixels,
}

/// <summary>The weights of the classes in the loss.</summary>
public enum ClassWeighting
{
    /// <summary>All 1; the official recipe.</summary>
    None,

    /// <summary>The fewer videos a class has, the more each of them counts (<see cref="ClassWeights.Balanced"/>).</summary>
    Balanced,
}

/// <summary>
/// The optimization; the official configuration's key is in parentheses. Newer options are omitted from files if they have their default,
/// so that adding one does not change the hash of existing recipes.
/// </summary>
public sealed record OptimizationRecipe
{
    /// <summary>Passes over the training list (SOLVER.MAX_EPOCH).</summary>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 15;

    /// <summary>Clips per step (TRAIN.BATCH_SIZE).</summary>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 8;

    /// <summary>The algorithm (SOLVER.OPTIMIZING_METHOD).</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>The base learning rate (SOLVER.BASE_LR).</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true), YamlMember(Alias = "lr")]
    public double LearningRate { get; init; } = 0.005;

    /// <summary>SGD's momentum.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Nesterov's momentum, for SGD.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Weight decay of all weights.</summary>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// Epochs at which the learning rate changes to the factor at the same place in <see cref="StepFactors"/> (SOLVER.STEPS).
    /// </summary>
    public IReadOnlyList<int> Steps { get; init; } = [0, 11, 14];

    /// <summary>Factors of <see cref="LearningRate"/> (SOLVER.LRS).</summary>
    [YamlMember(Alias = "lrs")]
    public IReadOnlyList<double> StepFactors { get; init; } = [1, 0.1, 0.01];

    /// <summary>Fraction of the target spread over all classes.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>Largest norm of all gradients together (PyTorch's clip_grad_norm_); 0 is off.</summary>
    [Range(0.0, double.MaxValue)]
    public double ClipGradNorm { get; init; }

    /// <summary>Determines the initial weights, the order of clips and their augmentation.</summary>
    public int Seed { get; init; }

    /// <summary>Steps between checkpoints; 0 saves at the end of each epoch.</summary>
    [Range(0, int.MaxValue)]
    public int CheckpointEverySteps { get; init; }

    /// <summary>
    /// How many of the newest checkpoints stay in the run's folder, each 2 to 4 times the size of the weights. Of two or more, an older one
    /// serves if the newest is found damaged; the best that <see cref="Patience"/> keeps stays besides.
    /// </summary>
    [Range(1, int.MaxValue), YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(2)]
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>How the learning rate changes (SOLVER.LR_POLICY).</summary>
    [YamlMember(Alias = "lr_policy", DefaultValuesHandling = OmitDefaults)]
    public LearningRatePolicy Policy { get; init; }

    /// <summary>Where the cosine ends (SOLVER.COSINE_END_LR).</summary>
    [YamlMember(Alias = "cosine_end_lr", DefaultValuesHandling = OmitDefaults)]
    public double FinalLearningRate { get; init; }

    /// <summary>Epochs, possibly a fraction, in which the rate rises linearly to the policy's (SOLVER.WARMUP_EPOCHS).</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double WarmupEpochs { get; init; }

    /// <summary>Where the warm-up begins (SOLVER.WARMUP_START_LR).</summary>
    [Range(0.0, double.MaxValue), YamlMember(Alias = "warmup_start_lr", DefaultValuesHandling = OmitDefaults)]
    public double WarmupLearningRate { get; init; }

    /// <summary>
    /// The batch size that the rates are given for: with another <see cref="BatchSize"/> they change in proportion (linear scaling rule). 0
    /// takes them as they are.
    /// </summary>
    [Range(0, int.MaxValue), YamlMember(DefaultValuesHandling = OmitDefaults)]
    public int BaseBatchSize { get; init; }

    /// <summary>
    /// Clips per forward pass; the gradients of a step's parts are accumulated, which takes less memory. 0 takes the whole batch.
    /// </summary>
    [Range(0, int.MaxValue), YamlMember(DefaultValuesHandling = OmitDefaults)]
    public int MicroBatchSize { get; init; }

    /// <summary>
    /// Decay of an exponential moving average of the weights, such as 0.9999; the average is then what is evaluated and saved. 0 keeps
    /// none.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true), YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double EmaDecay { get; init; }

    /// <summary>
    /// The learning rate of a layer as a factor of that of the layer above it, such as 0.75; 1 trains all layers alike. Time embeddings,
    /// which an image model lacks, learn as the head does.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true), YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1.0)]
    public double LayerDecay { get; init; } = 1;

    /// <summary>
    /// Trains only the parameters whose names contain one of these: <c>[head]</c> the head alone, <c>[head, temporal, time_embed]</c> all
    /// that an image model lacks in divided attention. All if absent.
    /// </summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public IReadOnlyList<string>? TrainOnly { get; init; }

    /// <summary>AdamW's decay of the gradient's mean.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true), YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(0.9)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's decay of the squared gradient's mean.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true), YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(0.999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>
    /// MixUp: the clips of a batch are mixed in pairs, in proportions drawn from Beta(alpha, alpha) (MIXUP.ALPHA); 0 is off.
    /// </summary>
    [Range(0.0, double.MaxValue), YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double MixupAlpha { get; init; }

    /// <summary>Weights of the classes in the training loss, for classes of different sizes; evaluations stay unweighted.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public ClassWeighting ClassWeights { get; init; }

    /// <summary>What the model learns; <c>masked_pixels</c> takes one of VideoMAE's presets.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public Objective Objective { get; init; }

    /// <summary>The share of a frame's patches that <c>masked_pixels</c> hides (--mask_ratio).</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(0.9)]
    public double MaskRatio { get; init; } = 0.9;

    /// <summary>
    /// Whether <c>masked_pixels</c> predicts each patch's pixels relative to their own mean and deviation (--normlize_target); else the
    /// colors themselves, which favors what stands out.
    /// </summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(true)]
    public bool NormalizeTarget { get; init; } = true;

    /// <summary>Epochs between evaluations (TRAIN.EVAL_PERIOD); the last epoch is always evaluated.</summary>
    [Range(1, int.MaxValue), YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1)]
    public int EvalPeriod { get; init; } = 1;

    /// <summary>
    /// Evaluations without a lower validation loss after which a run ends; its result is then the checkpoint of the lowest. 0 trains to the
    /// last epoch, whose checkpoint is the result. With patience all evaluations, also the last, use a single view, so that they compare.
    /// </summary>
    [Range(0, int.MaxValue), YamlMember(DefaultValuesHandling = OmitDefaults)]
    public int Patience { get; init; }

    /// <summary>
    /// The type of matrix products and convolutions, in training and its evaluations: float32, bfloat16 or float16 (autocast), or
    /// bfloat16_weights, wholly in bfloat16 with a float32 copy of the weights (<see cref="Torch.Precision"/> says more).
    /// </summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public Precision Precision { get; init; }

    /// <summary>
    /// Recomputes each block in the backward pass instead of keeping its activations: less memory, about 40 % more time.
    /// </summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public bool ActivationCheckpointing { get; init; }

    /// <summary>Checks the ranges, and the rules that concern more than one key.</summary>
    internal void Validate()
    {
        CheckRanges("training", this);
        Require(
            FinalLearningRate >= 0 && FinalLearningRate < LearningRate, "training.cosine_end_lr", FinalLearningRate,
            $"0 or more, and below training.lr ({LearningRate})");
        Require(
            WarmupEpochs >= 0 && WarmupEpochs < Epochs, "training.warmup_epochs", WarmupEpochs,
            $"0 or more, and below training.epochs ({Epochs})");
        Require(
            MicroBatchSize <= BatchSize, "training.micro_batch_size", MicroBatchSize,
            $"0 (the whole batch) to training.batch_size ({BatchSize})");
        Require(
            TrainOnly is null || (TrainOnly.Count > 0 && !TrainOnly.Any(string.IsNullOrEmpty)), "training.train_only",
            Join(TrainOnly ?? []), "parts of parameter names, or absent");
        Require(
            Steps is [0, ..] && Steps.SequenceEqual(Steps.Order()), "training.steps", Join(Steps),
            "epochs in ascending order, the first 0");
        bool isMasked = Objective is Objective.MaskedPixels;
        const string Without = "off with training.objective masked_pixels, which knows no classes";
        Require(!isMasked || LabelSmoothing == 0, "training.label_smoothing", LabelSmoothing, Without);
        Require(!isMasked || MixupAlpha == 0, "training.mixup_alpha", MixupAlpha, Without);
        Require(!isMasked || ClassWeights is ClassWeighting.None, "training.class_weights", RecipeFile.NameOf(ClassWeights), Without);
        Require(
            !isMasked || Patience == 0, "training.patience", Patience, "0 with training.objective masked_pixels, which is not evaluated");
        Require(
            StepFactors.Count == Steps.Count && StepFactors.All(factor => factor >= 0), "training.lrs", Join(StepFactors),
            $"{Steps.Count} factors, one for each of training.steps");
    }

    private static string Join<T>(IEnumerable<T> values) => $"[{string.Join(", ", values)}]";
}

/// <summary>The learning rate over a run, as the official code sets it (lr_policy.py).</summary>
public static class LearningRateSchedule
{
    /// <summary>The learning rate at a point of training.</summary>
    /// <param name="recipe">The policy and its rates.</param>
    /// <param name="epoch">The point in epochs, with a fraction.</param>
    public static double At(OptimizationRecipe recipe, double epoch)
    {
        double rate = epoch < recipe.WarmupEpochs
            ? recipe.WarmupLearningRate + ((Policy(recipe, recipe.WarmupEpochs) - recipe.WarmupLearningRate) / recipe.WarmupEpochs * epoch)
            : Policy(recipe, epoch);
        // Goyal et al., "Accurate, Large Minibatch SGD", 2017.
        return recipe.BaseBatchSize > 0 ? rate * recipe.BatchSize / recipe.BaseBatchSize : rate;
    }

    private static double Policy(OptimizationRecipe recipe, double epoch)
    {
        var (start, end) = (recipe.LearningRate, recipe.FinalLearningRate);
        return recipe.Policy is LearningRatePolicy.Cosine
            ? end + ((start - end) * (1 + Math.Cos(Math.PI * epoch / recipe.Epochs)) / 2)
            : start * FactorOfStep(recipe, epoch);
    }

    // Of the last step reached.
    private static double FactorOfStep(OptimizationRecipe recipe, double epoch)
    {
        int index = recipe.Steps.Count - 1;
        while (index > 0 && epoch < recipe.Steps[index]) index--;
        return recipe.StepFactors[index];
    }
}
