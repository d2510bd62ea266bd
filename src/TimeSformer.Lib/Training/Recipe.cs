using TimeSformer.Models;

namespace TimeSformer.Training;

/// <summary>
/// Everything that decides a training run, as read from a YAML file: the model, the videos and the optimisation. Keys are the property
/// names in snake_case; what is left out takes the default given here, which is the official Kinetics recipe's where it has one.
/// </summary>
public sealed record Recipe
{
    /// <summary>The architecture.</summary>
    public ModelRecipe Model { get; init; } = new();

    /// <summary>The videos.</summary>
    public DataRecipe Data { get; init; } = new();

    /// <summary>The optimisation.</summary>
    public OptimizationRecipe Training { get; init; } = new();

    /// <summary>The model's sizes: the preset with the recipe's changes.</summary>
    /// <exception cref="RecipeException">A value does not fit.</exception>
    public TimeSformerConfig ModelConfig(int classes)
    {
        var preset = (Preset.Find(Model.Preset) ?? throw new RecipeException($"model.preset is '{Model.Preset}'; the presets are {string.Join(", ", Preset.All.Select(known => known.Name))}")).Model;
        var config = preset with
        {
            Attention = Model.Attention,
            PositionalEmbedding = Model.PositionalEmbedding,
            NumClasses = classes,
            NumFrames = Data.Frames,
            ImageSize = Data.CropSize,
            DropPathRate = Model.DropPathRate ?? preset.DropPathRate,
            DropRate = Model.DropRate,
        };
        try
        {
            config.Validate();
        }
        catch (ArgumentException error)
        {
            throw new RecipeException($"model: {error.Message}");
        }
        return config;
    }

    /// <summary>Throws where a value is out of range or contradicts another.</summary>
    /// <exception cref="RecipeException">Names the key, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(Data.Procedural is null || Data.Train.Length + Data.Val.Length == 0, "data.train", Data.Train, "absent where data.procedural says what to write");
        Require(Data.Frames > 0, "data.frames", Data.Frames, "positive");
        Require(Data.SamplingRate > 0, "data.sampling_rate", Data.SamplingRate, "positive");
        Require(Data.CropSize > 0, "data.crop_size", Data.CropSize, "positive");
        Require(Data.JitterScales is [> 0, _] && Data.JitterScales[0] <= Data.JitterScales[1], "data.jitter_scales", Join(Data.JitterScales), "two lengths, the smaller first");
        Require(Data.JitterScales[0] >= Data.CropSize, "data.jitter_scales", Join(Data.JitterScales), $"at least data.crop_size ({Data.CropSize})");
        Require(Data.Workers >= 0, "data.workers", Data.Workers, "0 or more");
        Require(Data.CacheMegabytes >= 0, "data.cache_megabytes", Data.CacheMegabytes, "0 or more");
        Require(Training.Epochs > 0, "training.epochs", Training.Epochs, "positive");
        Require(Training.BatchSize > 0, "training.batch_size", Training.BatchSize, "positive");
        Require(Training.LearningRate > 0, "training.learning_rate", Training.LearningRate, "positive");
        Require(Training.Momentum is >= 0 and < 1, "training.momentum", Training.Momentum, "in [0, 1)");
        Require(Training.WeightDecay >= 0, "training.weight_decay", Training.WeightDecay, "0 or more");
        Require(Training.LabelSmoothing is >= 0 and < 1, "training.label_smoothing", Training.LabelSmoothing, "in [0, 1)");
        Require(Training.ClipGradient >= 0, "training.clip_gradient", Training.ClipGradient, "0 (off) or more");
        Require(Training.CheckpointEverySteps >= 0, "training.checkpoint_every_steps", Training.CheckpointEverySteps, "0 (once an epoch) or more");
        var (steps, factors) = (Training.Steps, Training.StepFactors);
        Require(steps.Count > 0 && steps[0] == 0 && steps.SequenceEqual(steps.Order()), "training.steps", Join(steps), "epochs in ascending order, the first 0");
        Require(factors.Count == steps.Count && factors.All(factor => factor >= 0), "training.step_factors", Join(factors), $"{steps.Count} factors, one for each of training.steps");
    }

    private static string Join<T>(IEnumerable<T> values) => $"[{string.Join(", ", values)}]";

    private static void Require(bool holds, string key, object value, string rule)
    {
        if (!holds) throw new RecipeException(FormattableString.Invariant($"{key} is {value}; it must be {rule}"));
    }
}

/// <summary>The architecture.</summary>
public sealed record ModelRecipe
{
    /// <summary>Sizes to start from: the name of one of <see cref="Models.Preset.All"/>.</summary>
    public string Preset { get; init; } = "tiny";

    /// <summary>The attention scheme of all blocks.</summary>
    public AttentionScheme Attention { get; init; } = AttentionScheme.DividedSpaceTime;

    /// <summary>What tokens are told of their place; where absent, space and time, or for the space-only scheme space.</summary>
    public PositionalEmbedding? PositionalEmbedding { get; init; }

    /// <summary>Stochastic depth at the last block; the preset's where absent.</summary>
    public double? DropPathRate { get; init; }

    /// <summary>Dropout after the embeddings and in the blocks.</summary>
    public double DropRate { get; init; }
}

/// <summary>The videos and how clips are made of them.</summary>
public sealed record DataRecipe
{
    /// <summary>Videos to write instead of lists that are there.</summary>
    public ProceduralRecipe? Procedural { get; init; }

    /// <summary>List of training videos, `path label` a line; relative to the recipe's folder.</summary>
    public string Train { get; init; } = "";

    /// <summary>List of validation videos; the run is not evaluated where it is absent.</summary>
    public string Val { get; init; } = "";

    /// <summary>T, frames of a clip.</summary>
    public int Frames { get; init; } = 8;

    /// <summary>Distance of a clip's frames in the video, in frames at 30 per second.</summary>
    public int SamplingRate { get; init; } = 32;

    /// <summary>Height and width of a clip in pixels.</summary>
    public int CropSize { get; init; } = 224;

    /// <summary>The short side is scaled to a random length in this range before a random crop.</summary>
    public IReadOnlyList<int> JitterScales { get; init; } = [256, 320];

    /// <summary>Mirror half of the training clips; off where left and right are different classes.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Threads that decode ahead of the training loop; 0 decodes in the loop.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Decoded videos kept in memory, at most; 0 decodes each time.</summary>
    public int CacheMegabytes { get; init; }
}

/// <summary>The optimiser's algorithm.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum; the official recipe.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,
}

/// <summary>The optimisation.</summary>
public sealed record OptimizationRecipe
{
    /// <summary>Passes over the training list.</summary>
    public int Epochs { get; init; } = 15;

    /// <summary>Clips of a step.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>The algorithm.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>The base rate.</summary>
    public double LearningRate { get; init; } = 0.005;

    /// <summary>For SGD.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Nesterov's momentum, for SGD.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Decay of all weights, a step.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Epochs at which the rate changes to the factor of the same place in <see cref="StepFactors"/>.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [0, 11, 14];

    /// <summary>Multiples of <see cref="LearningRate"/>.</summary>
    public IReadOnlyList<double> StepFactors { get; init; } = [1, 0.1, 0.01];

    /// <summary>Share of the target spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Largest norm of the gradient of all weights together; 0 leaves it alone.</summary>
    public double ClipGradient { get; init; }

    /// <summary>Decides initial weights, the order of clips and their variations.</summary>
    public int Seed { get; init; }

    /// <summary>Steps between checkpoints; 0 saves at the end of each epoch.</summary>
    public int CheckpointEverySteps { get; init; }
}

/// <summary>A recipe that cannot be read or does not make sense; the message is one line.</summary>
public sealed class RecipeException(string message) : Exception(message);
