using TimeSformer.Data.Layouts;
using TimeSformer.Models;
using YamlDotNet.Serialization;
using static YamlDotNet.Serialization.DefaultValuesHandling;

namespace TimeSformer.Training;

/// <summary>
/// Everything that decides a training run, as read from a YAML file: the model, the videos and the optimisation. Keys are the property
/// names in snake_case; what is left out takes the default given here, which is the official Kinetics recipe's where it has one. Where a
/// file names a preset, the frames, crops and sampling that it leaves out are the preset's.
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
        var preset = ModelRecipe.PresetOf(Model.Preset).Model;
        var config = preset with
        {
            Attention = Model.Attention,
            PositionalEmbedding = Model.PositionalEmbedding,
            NumClasses = classes,
            NumFrames = Data.Frames,
            ImageSize = Data.CropSize,
            DropPathRate = Model.DropPathRate ?? preset.DropPathRate,
            DropRate = Model.DropRate,
            // Weights of others begin with embeddings of time that say nothing yet.
            EmbeddingStd = Model.EmbeddingStd ?? (Model.Pretrained is null ? preset.EmbeddingStd : null),
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

    /// <summary>The recipe as read from a file, with what the preset decides spelt out.</summary>
    /// <exception cref="RecipeException">There is no such preset, or a key stands without a value.</exception>
    internal Recipe Resolved()
    {
        RequireValues(("model", Model), ("data", Data), ("training", Training));
        RequireValues(("data.train", Data.Train), ("data.val", Data.Val), ("training.steps", Training.Steps), ("training.step_factors", Training.StepFactors));
        return this with
        {
            Model = Model with { Pretraining = Model.Pretraining?.Resolved() },
            Data = Model.NamedPreset is { } preset ? Data.For(preset) : Data,
        };
    }

    /// <summary>Throws where a value is out of range or contradicts another.</summary>
    /// <exception cref="RecipeException">Names the key, its value and what is allowed.</exception>
    public void Validate()
    {
        _ = ModelRecipe.PresetOf(Model.Preset);
        Require(Model.Pretrained is not "", "model.pretrained", "empty", "a file or folder of weights, or absent");
        Require(Data.Procedural is null || Data.Train.Length + Data.Val.Length == 0, "data.train", Data.Train, "absent where data.procedural says what to write");
        Require(Data.Layout is null || Data.Train.Length + Data.Val.Length == 0, "data.train", Data.Train, "absent where data.layout says what is in data.root");
        Require(Data.Layout is null || (Data.Root is { Length: > 0 } && Data.Procedural is null), "data.root", Data.Root ?? "absent", "the data set's folder, where data.layout says how it lies there");
        Require(Data.Split > 0 && Data.Split <= (Data.Layout is { } layout ? DatasetLayouts.Splits(layout) : 1), "data.split", Data.Split, $"1 to {(Data.Layout is { } known ? DatasetLayouts.Splits(known) : 1)}");
        Require(Data.TrainShare is > 0 and <= 1, "data.train_share", Data.TrainShare, "above 0, to 1");
        Require(Data.Frames > 0, "data.frames", Data.Frames, "positive");
        Require(Data.SamplingRate >= 0, "data.sampling_rate", Data.SamplingRate, "positive, or 0 for clips of the whole video");
        Require(Data.CropSize > 0, "data.crop_size", Data.CropSize, "positive");
        Require(Data.JitterScales is [> 0, _] && Data.JitterScales[0] <= Data.JitterScales[1], "data.jitter_scales", Join(Data.JitterScales), "two lengths, the smaller first");
        Require(Data.JitterScales[0] >= Data.CropSize, "data.jitter_scales", Join(Data.JitterScales), $"at least data.crop_size ({Data.CropSize})");
        Require(Data.TestViews > 0 && (Data.TestViews == 1 || Data.SamplingRate > 0), "data.test_views", Data.TestViews, "positive, and 1 where data.sampling_rate is 0");
        Require(Data.TestCrops is 1 or 3, "data.test_crops", Data.TestCrops, "1 or 3");
        Require(Data.RandAugmentOperations is >= 0 and <= 14, "data.rand_augment_operations", Data.RandAugmentOperations, "0 (off) to 14");
        Require(Data.RandAugmentMagnitude is >= 0 and <= 10, "data.rand_augment_magnitude", Data.RandAugmentMagnitude, "0 to 10");
        Require(Data.EraseProbability is >= 0 and <= 1, "data.erase_probability", Data.EraseProbability, "0 (off) to 1");
        Require(Data.Workers >= 0, "data.workers", Data.Workers, "0 or more");
        Require(Data.CacheMegabytes >= 0, "data.cache_megabytes", Data.CacheMegabytes, "0 or more");
        Require(Training.Epochs > 0, "training.epochs", Training.Epochs, "positive");
        Require(Training.BatchSize > 0, "training.batch_size", Training.BatchSize, "positive");
        Require(Training.LearningRate > 0, "training.learning_rate", Training.LearningRate, "positive");
        Require(Training.Momentum is >= 0 and < 1, "training.momentum", Training.Momentum, "in [0, 1)");
        Require(Training.WeightDecay >= 0, "training.weight_decay", Training.WeightDecay, "0 or more");
        Require(Training.LabelSmoothing is >= 0 and < 1, "training.label_smoothing", Training.LabelSmoothing, "in [0, 1)");
        Require(Training.ClipGradient >= 0, "training.clip_gradient", Training.ClipGradient, "0 (off) or more");
        Require(Training.FinalLearningRate >= 0 && Training.FinalLearningRate < Training.LearningRate, "training.final_learning_rate", Training.FinalLearningRate, $"0 or more, and below training.learning_rate ({Training.LearningRate})");
        Require(Training.WarmupEpochs >= 0 && Training.WarmupEpochs < Training.Epochs, "training.warmup_epochs", Training.WarmupEpochs, $"0 or more, and below training.epochs ({Training.Epochs})");
        Require(Training.WarmupLearningRate >= 0, "training.warmup_learning_rate", Training.WarmupLearningRate, "0 or more");
        Require(Training.BaseBatchSize >= 0, "training.base_batch_size", Training.BaseBatchSize, "0 (no scaling) or more");
        Require(Training.MicroBatchSize >= 0 && Training.MicroBatchSize <= Training.BatchSize, "training.micro_batch_size", Training.MicroBatchSize, $"0 (the whole batch) to training.batch_size ({Training.BatchSize})");
        Require(Training.EmaDecay is >= 0 and < 1, "training.ema_decay", Training.EmaDecay, "in [0, 1)");
        Require(Training.LayerDecay is > 0 and <= 1, "training.layer_decay", Training.LayerDecay, "in (0, 1]");
        Require(Training.TrainOnly is null || (Training.TrainOnly.Count > 0 && !Training.TrainOnly.Contains("")), "training.train_only", Join(Training.TrainOnly ?? []), "parts of names of weights, or absent");
        Require(Training.MixupAlpha is >= 0 and < double.PositiveInfinity, "training.mixup_alpha", Training.MixupAlpha, "0 (off) or more");
        Require(Training.Beta1 is >= 0 and < 1, "training.beta1", Training.Beta1, "in [0, 1)");
        Require(Training.Beta2 is >= 0 and < 1, "training.beta2", Training.Beta2, "in [0, 1)");
        Require(Training.EvalPeriod > 0, "training.eval_period", Training.EvalPeriod, "positive");
        Require(Training.CheckpointEverySteps >= 0, "training.checkpoint_every_steps", Training.CheckpointEverySteps, "0 (once an epoch) or more");
        Require(Model.EmbeddingStd is null or > 0, "model.embedding_std", Model.EmbeddingStd ?? 0, "positive");
        Require(Model.Pretrained is null || Model.Pretraining is null, "model.pretrained", Model.Pretrained ?? "", "absent where model.pretraining says how to make the weights");
        Model.Pretraining?.Validate();
        var (steps, factors) = (Training.Steps, Training.StepFactors);
        Require(steps.Count > 0 && steps[0] == 0 && steps.SequenceEqual(steps.Order()), "training.steps", Join(steps), "epochs in ascending order, the first 0");
        Require(factors.Count == steps.Count && factors.All(factor => factor >= 0), "training.step_factors", Join(factors), $"{steps.Count} factors, one for each of training.steps");
    }

    /// <summary>Throws where something is missing that a run reads.</summary>
    /// <param name="starts">Whether it starts from nothing, and not from a checkpoint of its own.</param>
    /// <exception cref="RecipeException">Names the key, the path and where to get what should be there.</exception>
    internal void RequireFiles(bool starts)
    {
        foreach (var (key, list) in new[] { ("data.train", Data.Train), ("data.val", Data.Val) })
        {
            if (list.Length > 0 && !File.Exists(list)) throw new RecipeException($"{key} is {list}: there is no such list of videos; './timesformer data sources' says where data sets are to be had, data/README.md how they are listed");
        }
        if (Data.Layout is { } layout && !Directory.Exists(Data.Root)) throw new RecipeException($"data.root is {Data.Root}: there is no such folder; {DatasetLayouts.Source(layout)}");
        if (starts) Model.Pretraining?.RequireFiles(starts);
        if (starts && Model.Pretrained is { } weights && !Path.Exists(weights)) throw new RecipeException($"model.pretrained is {weights}: there is no such file or folder; name weights that are there, or leave it out to start from random ones");
    }

    private static string Join<T>(IEnumerable<T> values) => $"[{string.Join(", ", values)}]";

    private static void RequireValues(params ReadOnlySpan<(string Key, object? Value)> entries)
    {
        foreach (var (key, value) in entries) Require(value is not null, key, "empty", "given a value, or left out");
    }

    private static void Require(bool holds, string key, object value, string rule)
    {
        if (!holds) throw new RecipeException(FormattableString.Invariant($"{key} is {value}; it must be {rule}"));
    }
}

/// <summary>The architecture.</summary>
public sealed record ModelRecipe
{
    private readonly string? preset;

    /// <summary>Sizes to start from: the name of one of <see cref="Models.Preset.All"/>.</summary>
    public string Preset { get => preset ?? "tiny"; init => preset = value; }

    /// <summary>The attention scheme of all blocks.</summary>
    public AttentionScheme Attention { get; init; } = AttentionScheme.DividedSpaceTime;

    /// <summary>What tokens are told of their place; where absent, space and time, or for the space-only scheme space.</summary>
    public PositionalEmbedding? PositionalEmbedding { get; init; }

    /// <summary>Stochastic depth at the last block; the preset's where absent.</summary>
    public double? DropPathRate { get; init; }

    /// <summary>Dropout after the embeddings and in the blocks.</summary>
    public double DropRate { get; init; }

    /// <summary>Standard deviation of the initial embeddings. Where absent the preset's; with weights to start from the official start, zero in time, so that the model begins as the image model.</summary>
    [YamlMember(DefaultValuesHandling = OmitNull)]
    public double? EmbeddingStd { get; init; }

    /// <summary>Weights to start from: any file, run or folder that <see cref="Checkpoints.Pretrained"/> reads; relative to the recipe's folder. Random where absent.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public string? Pretrained { get; init; }

    /// <summary>A recipe to run first: this model starts from the weights of that one. See <see cref="Pretraining"/>.</summary>
    [YamlMember(DefaultValuesHandling = OmitNull)]
    public Recipe? Pretraining { get; init; }

    /// <summary>The preset, if the recipe says which.</summary>
    /// <exception cref="RecipeException">There is none of this name.</exception>
    internal Preset? NamedPreset => preset is null ? null : PresetOf(preset);

    /// <summary>The preset of a name.</summary>
    /// <exception cref="RecipeException">There is none.</exception>
    internal static Preset PresetOf(string name) =>
        Models.Preset.Find(name) ?? throw new RecipeException($"model.preset is '{name}'; the presets are {string.Join(", ", Models.Preset.All.Select(known => known.Name))}");
}

/// <summary>A recipe that cannot be read or does not make sense; the message is one line.</summary>
public sealed class RecipeException(string message) : Exception(message);
