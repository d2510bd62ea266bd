using System.ComponentModel.DataAnnotations;
using TimeSformer.Checkpoints;
using TimeSformer.Data.Layouts;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TimeSformer.Video;
using YamlDotNet.Serialization;
using static TimeSformer.Training.RecipeRules;
using static YamlDotNet.Serialization.DefaultValuesHandling;

namespace TimeSformer.Training;

/// <summary>
/// Everything that determines a training run, as read from a YAML file: the model, the videos and the optimization. Keys are the property
/// names in snake_case, unless a property names another. The defaults are the official Kinetics recipe's where it has one; if a recipe
/// names a preset, the frames, crops and sampling that it leaves out are the preset's.
/// </summary>
public sealed record Recipe
{
    /// <summary>The architecture.</summary>
    public ModelRecipe Model { get; init; } = new();

    /// <summary>The videos.</summary>
    public DataRecipe Data { get; init; } = new();

    /// <summary>The optimization.</summary>
    public OptimizationRecipe Training { get; init; } = new();

    /// <summary>The clips of the evaluation that a run's result is of.</summary>
    internal TestViews FinalViews => Training.Patience > 0 ? Data.SingleView : Data.TestViews;

    /// <summary>The model's sizes: the preset with the recipe's changes.</summary>
    /// <exception cref="RecipeException">A value does not fit.</exception>
    public VideoModelConfig ModelConfig(int classes)
    {
        var preset = Model.OfWeights ? Checkpoint.Describe(Model.Pretrained!).Model : ModelRecipe.PresetOf(Model.Preset).Model;
        if (preset is TimeSformerConfig sizes)
        {
            preset = sizes with
            {
                Attention = Model.Attention,
                PositionalEmbedding = Model.PositionalEmbedding,
                DropPathRate = Model.DropPathRate ?? sizes.DropPathRate,
                DropRate = Model.DropRate,
                // Pretrained weights start with time embeddings that say nothing yet.
                EmbeddingStd = Model.EmbeddingStd ?? (Model.Pretrained is null ? sizes.EmbeddingStd : null),
            };
        }
        var config = preset with { NumClasses = classes, NumFrames = Data.NumFrames, ImageSize = Data.CropSize };
        if (Training.Objective is Objective.MaskedPixels)
        {
            config = VideoMaePretrainingConfig.For(config as VideoMaeConfig ?? throw NotMasked()) with
            {
                MaskRatio = Training.MaskRatio,
                NormalizeTarget = Training.NormalizeTarget,
            };
        }
        try
        {
            config.Validate();
        }
        catch (InputException error)
        {
            throw new RecipeException($"model: {error.Message}");
        }
        RequireFit(config);
        return config;
    }

    // What some models cannot be trained with.
    private void RequireFit(VideoModelConfig config)
    {
        Require(
            config is TransformerConfig || !Training.ActivationCheckpointing, "training.activation_checkpointing", true,
            "false: the model has no blocks");
        Require(
            config is TransformerConfig or VideoMaePretrainingConfig || Training.Precision is not Precision.Bfloat16Weights,
            "training.precision", RecipeFile.NameOf(Training.Precision), "bfloat16: the model's batch norms need statistics in float32");
    }

    /// <summary>The recipe as read from a file, with the preset's values filled in.</summary>
    /// <exception cref="RecipeException">The preset is unknown, or a key has no value.</exception>
    internal Recipe Resolved()
    {
        foreach (var (key, value) in new (string, object?)[]
        {
            ("model", Model), ("data", Data), ("training", Training), ("data.train", Data?.Train), ("data.val", Data?.Val),
            ("training.steps", Training?.Steps), ("training.lrs", Training?.StepFactors),
        })
        {
            Require(value is not null, key, "empty", "given a value, or left out");
        }
        return this with
        {
            Model = Model with { Pretraining = Model.Pretraining?.Resolved().WithVideosOf(Data!) },
            Data = Model.NamedPreset is { } preset ? Data!.For(preset) : Data!,
        };
    }

    // As a pre-training that names no videos: those of the run that it is for, all of its training videos.
    private Recipe WithVideosOf(DataRecipe run) => Data is not { Train: "", Procedural: null, Layout: null } ? this : this with
    {
        Data = Data with { Train = run.Train, Procedural = run.Procedural, Layout = run.Layout, Root = run.Root, Split = run.Split },
    };

    /// <summary>Throws if a value is out of range or contradicts another.</summary>
    /// <exception cref="RecipeException">Names the key, its value and what is allowed.</exception>
    public void Validate()
    {
        Model.Validate();
        Data.Validate();
        Training.Validate();
        bool isMasked = Training.Objective is Objective.MaskedPixels;
        if (isMasked && !Model.OfWeights && ModelRecipe.PresetOf(Model.Preset).Model is not VideoMaeConfig) throw NotMasked();
        Require(
            !isMasked || !Training.ActivationCheckpointing, "training.activation_checkpointing", true,
            "false with training.objective masked_pixels");
        if (!Model.OfWeights) RequireFit(ModelRecipe.PresetOf(Model.Preset).Model);
    }

    private RecipeException NotMasked() => new(
        $"model.preset is {Model.Preset}; training.objective masked_pixels takes one of VideoMAE's, such as videomae-tiny");

    /// <summary>Throws if something is missing that a run reads.</summary>
    /// <param name="starts">Whether the run starts anew, not from a checkpoint of its own.</param>
    /// <exception cref="RecipeException">Names the key, the path and where to get what should be there.</exception>
    internal void RequireFiles(bool starts)
    {
        foreach (var (key, list) in new[] { ("data.train", Data.Train), ("data.val", Data.Val) })
        {
            if (list.Length == 0 || File.Exists(list)) continue;
            throw new RecipeException(
                $"{key} is {list}: list not found; './timesformer data sources' says where to get data sets, "
                + "data/README.md how to list them");
        }
        if (Data.Layout is { } layout && !Directory.Exists(Data.Root))
        {
            throw new RecipeException($"data.root is {Data.Root}: folder not found; {DatasetLayouts.Source(layout)}");
        }
        if (!starts) return;
        Model.Pretraining?.RequireFiles(starts);
        if (Model.Pretrained is { } weights && !Path.Exists(weights))
        {
            throw new RecipeException(
                $"model.pretrained is {weights}: file not found; name weights that exist, or leave it out to start from random ones");
        }
    }
}

/// <summary>The architecture.</summary>
public sealed record ModelRecipe
{
    /// <summary>The preset that has the sizes of <see cref="Pretrained"/>.</summary>
    internal const string PretrainedSizes = "pretrained";

    private readonly string? preset;

    /// <summary>
    /// Sizes to start from: the name of one of <see cref="Models.Preset.All"/>, or <c>pretrained</c> for those of the pretrained weights.
    /// </summary>
    public string Preset { get => preset ?? "tiny"; init => preset = value; }

    /// <summary>The attention scheme of all blocks (TIMESFORMER.ATTENTION_TYPE).</summary>
    [YamlMember(Alias = "attention_type")]
    public AttentionScheme Attention { get; init; } = AttentionScheme.DividedSpaceTime;

    /// <summary>The positional embeddings; if absent, space and time or, for the space-only scheme, space.</summary>
    public PositionalEmbedding? PositionalEmbedding { get; init; }

    /// <summary>Stochastic depth of the last block (MODEL.DROP_PATH); the preset's if absent.</summary>
    public double? DropPathRate { get; init; }

    /// <summary>Dropout after the embeddings and in the blocks (MODEL.DROP_RATE).</summary>
    public double DropRate { get; init; }

    /// <summary>
    /// Standard deviation of the initial embeddings. If absent, the preset's; with pretrained weights the official start, zero in time, so
    /// that the model begins as the image model.
    /// </summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true), YamlMember(DefaultValuesHandling = OmitNull)]
    public double? EmbeddingStd { get; init; }

    /// <summary>
    /// Standard deviation of the initial weights of <c>temporal_fc</c>, the layer after attention over time. If absent, zero as in the
    /// official code: the model begins as one without attention over time, and the layers below get no gradient at first.
    /// </summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true), YamlMember(DefaultValuesHandling = OmitNull)]
    public double? TemporalFcStd { get; init; }

    /// <summary>
    /// Weights to start from: any file, run or folder that <see cref="Checkpoints.Pretrained"/> reads; relative to the recipe's folder.
    /// Random weights if absent.
    /// </summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public string? Pretrained { get; init; }

    /// <summary>
    /// A recipe to run first, such as an image model's: this model starts from its weights (paper, section 4.2 and table 3). If it names
    /// no videos, it learns from all training videos of this one, whatever <see cref="DataRecipe.TrainFraction"/> says.
    /// </summary>
    [YamlMember(DefaultValuesHandling = OmitNull)]
    public Recipe? Pretraining { get; init; }

    /// <summary>The preset, if the recipe names one.</summary>
    /// <exception cref="RecipeException">The name is unknown.</exception>
    internal Preset? NamedPreset => preset is null || OfWeights ? null : PresetOf(preset);

    /// <summary>Whether the sizes are those of the pretrained weights.</summary>
    internal bool OfWeights => preset == PretrainedSizes;

    /// <summary>The preset of a name.</summary>
    /// <exception cref="RecipeException">The name is unknown.</exception>
    internal static Preset PresetOf(string name) => Models.Preset.Find(name) ?? throw new RecipeException(
        $"model.preset is '{name}'; the presets are {string.Join(", ", Models.Preset.All.Select(known => known.Name))}");

    internal void Validate()
    {
        if (!OfWeights) _ = PresetOf(Preset);
        Require(!OfWeights || Pretrained is not null, "model.pretrained", "absent", "weights, as model.preset says to take their sizes");
        CheckRanges("model", this);
        Require(Pretrained is not "", "model.pretrained", "empty", "a file or folder of weights, or absent");
        Require(
            Pretrained is null || Pretraining is null, "model.pretrained", Pretrained ?? "",
            "absent if model.pretraining says how to make the weights");
        Pretraining?.Validate();
    }
}

/// <summary>A recipe or a study that cannot be read or makes no sense; the message is one line.</summary>
public sealed class RecipeException(string message) : InputException(message);
