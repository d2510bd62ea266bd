using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;
using TimeSformer.Models;
using TimeSformer.Video;
using YamlDotNet.Serialization;
using static TimeSformer.Training.RecipeRules;
using static YamlDotNet.Serialization.DefaultValuesHandling;

namespace TimeSformer.Training;

/// <summary>The videos, and how clips are made of them. The official configuration's key is in parentheses.</summary>
public sealed record DataRecipe
{
    // Null if the recipe leaves it out: then the preset decides.
    private readonly int? numFrames;
    private readonly int? samplingRate;
    private readonly int? cropSize;
    private readonly IReadOnlyList<int>? trainJitterScales;

    /// <summary>Videos to generate, instead of lists.</summary>
    public ProceduralRecipe? Procedural { get; init; }

    /// <summary>List of training videos, one `path label` per line; relative to the recipe's folder.</summary>
    public string Train { get; init; } = "";

    /// <summary>List of validation videos; without it the run is not evaluated.</summary>
    public string Val { get; init; } = "";

    /// <summary>T, frames per clip (DATA.NUM_FRAMES).</summary>
    [Range(1, int.MaxValue)]
    public int NumFrames { get => numFrames ?? 8; init => numFrames = value; }

    /// <summary>
    /// A clip's frames are spread over NumFrames times as many frames of a video at 30 per second (DATA.SAMPLING_RATE); 0 takes one frame
    /// from each of T equal segments of the whole video (Something-Something).
    /// </summary>
    [Range(0, int.MaxValue)]
    public int SamplingRate { get => samplingRate ?? 32; init => samplingRate = value; }

    /// <summary>Height and width of a clip in pixels, in training and evaluation (DATA.TRAIN_CROP_SIZE, DATA.TEST_CROP_SIZE).</summary>
    [Range(1, int.MaxValue)]
    public int CropSize { get => cropSize ?? 224; init => cropSize = value; }

    /// <summary>The short side is resized to a random length in this range before the random crop (DATA.TRAIN_JITTER_SCALES).</summary>
    public IReadOnlyList<int> TrainJitterScales { get => trainJitterScales ?? Scales(224); init => trainJitterScales = value; }

    /// <summary>Flips half of the training clips horizontally (DATA.RANDOM_FLIP); off if left and right are different classes.</summary>
    public bool RandomFlip { get; init; } = true;

    /// <summary>Threads that decode ahead of the training loop; 0 decodes in the loop (DATA_LOADER.NUM_WORKERS).</summary>
    [Range(0, int.MaxValue)]
    public int NumWorkers { get; init; } = 2;

    /// <summary>
    /// Most memory for decoded training videos, in megabytes, and as much again for validation clips; 0 decodes each time.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int CacheMegabytes { get; init; }

    /// <summary>Temporal views of each video in the last evaluation (TEST.NUM_ENSEMBLE_VIEWS); earlier ones use a single view.</summary>
    [Range(1, int.MaxValue), YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1)]
    public int NumEnsembleViews { get; init; } = 1;

    /// <summary>Spatial crops of each of these views, 1 or 3 (TEST.NUM_SPATIAL_CROPS).</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1)]
    public int NumSpatialCrops { get; init; } = 1;

    /// <summary>Plays validation clips backwards, to see what the order of frames tells.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public bool TestBackwards { get; init; }

    /// <summary>
    /// Draws the inverse of the scale uniformly from <see cref="TrainJitterScales"/> (DATA.INV_UNIFORM_SAMPLE), which favors small scales.
    /// </summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public bool InvUniformSample { get; init; }

    /// <summary>RandAugment: operations per training clip; 0 is off.</summary>
    [Range(0, 14), YamlMember(DefaultValuesHandling = OmitDefaults)]
    public int RandAugmentNumOps { get; init; }

    /// <summary>RandAugment: strength of the operations.</summary>
    [Range(0.0, 10.0), YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(9.0)]
    public double RandAugmentMagnitude { get; init; } = 9;

    /// <summary>Random erasing: probability that a rectangle of a training clip becomes noise (AUG.RE_PROB); 0 is off.</summary>
    [Range(0.0, 1.0), YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double ReProb { get; init; }

    /// <summary>Layout of the data set in <see cref="Root"/>, instead of lists.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public DatasetLayout? Layout { get; init; }

    /// <summary>The data set's folder or, with lists, the folder that their paths start from; relative to the recipe's.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public string? Root { get; init; }

    /// <summary>The official split of the data set, from 1.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1)]
    public int Split { get; init; } = 1;

    /// <summary>
    /// Fraction of each class's training videos that is used: the same videos for every seed, and those of a smaller fraction are among
    /// those of a larger one.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true), YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1.0)]
    public double TrainFraction { get; init; } = 1;

    /// <summary>Uses the good part of videos that were cut off; otherwise they count as broken.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public bool AllowTruncated { get; init; }

    /// <summary>Repeats frames of videos that have fewer than a clip, as the official code does; otherwise they count as broken.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(true)]
    public bool RepeatFrames { get; init; } = true;

    /// <summary>
    /// Decodes in processes of their own, so that a video on which the decoder crashes or hangs counts as broken. It changes no frame, so
    /// a run may be resumed with it, and does not tell whether it had it.
    /// </summary>
    public bool IsolateDecode { get; init; }

    /// <summary>Which imperfect videos are used, and where they are decoded.</summary>
    [YamlIgnore]
    public VideoPolicy Policy => new(AllowTruncated, RepeatFrames, IsolateDecode);

    /// <summary>
    /// Mean of the colors in [0, 1]: three values, or one for all (DATA.MEAN); 0.45 if absent. Weights that were trained with others need
    /// theirs.
    /// </summary>
    [YamlMember(DefaultValuesHandling = OmitNull)]
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>Standard deviation of the colors: three values, or one for all (DATA.STD); 0.225 if absent.</summary>
    [YamlMember(DefaultValuesHandling = OmitNull)]
    public IReadOnlyList<double>? Std { get; init; }

    /// <summary>The clips that the model takes.</summary>
    [YamlIgnore]
    public ClipFormat Clip => new(NumFrames, SamplingRate, CropSize) { Normalization = new(Mean, Std) };

    /// <summary>The clips of the last evaluation.</summary>
    [YamlIgnore]
    public TestViews TestViews => SingleView with { Views = NumEnsembleViews, Crops = NumSpatialCrops };

    /// <summary>The clips of earlier evaluations.</summary>
    internal TestViews SingleView => new() { Backwards = TestBackwards };

    /// <summary>The recipe with what it leaves out of the clips taken from a preset; the scales fit the crop.</summary>
    internal DataRecipe For(Preset preset)
    {
        int crop = cropSize ?? preset.Model.ImageSize;
        return this with
        {
            NumFrames = numFrames ?? preset.Model.NumFrames,
            SamplingRate = samplingRate ?? preset.SamplingRate ?? 0,
            CropSize = crop,
            TrainJitterScales = trainJitterScales ?? Scales(crop),
        };
    }

    /// <summary>The augmentation of training clips.</summary>
    internal Augmentation Augmentation() => new(TrainJitterScales[0], TrainJitterScales[1], RandomFlip)
    {
        InverseUniformScale = InvUniformSample,
        RandAugment = RandAugmentNumOps > 0 ? new(RandAugmentNumOps, RandAugmentMagnitude) : null,
        Erasing = ReProb > 0 ? new(ReProb) : null,
    };

    /// <summary>The rules that concern more than one key.</summary>
    internal void Validate()
    {
        RecipeRules.CheckRanges("data", this);
        bool hasLists = Train.Length + Val.Length > 0;
        int splits = Layout is { } layout ? DatasetLayouts.Splits(layout) : 1;
        var (scales, shown) = (TrainJitterScales, $"[{string.Join(", ", TrainJitterScales)}]");
        Require(Procedural is null || !hasLists, "data.train", Train, "absent if data.procedural says what to generate");
        Require(Layout is null || !hasLists, "data.train", Train, "absent if data.layout says what is in data.root");
        Require(
            Layout is null || (Root is { Length: > 0 } && Procedural is null), "data.root", Root ?? "absent",
            "the data set's folder if data.layout names its layout");
        Require(Split > 0 && Split <= splits, "data.split", Split, $"1 to {splits}");
        Require(scales is [> 0, _] && scales[0] <= scales[1], "data.train_jitter_scales", shown, "two lengths, the smaller first");
        Require(scales[0] >= CropSize, "data.train_jitter_scales", shown, $"at least data.crop_size ({CropSize})");
        Require(NumEnsembleViews == 1 || SamplingRate > 0, "data.num_ensemble_views", NumEnsembleViews, "1 if data.sampling_rate is 0");
        Require(Mean is null || IsColor(Mean), "data.mean", Shown(Mean), "one finite number, or three");
        Require(
            Std is null || (IsColor(Std) && Std.All(value => value > 0)), "data.std", Shown(Std), "one number above 0, or three");
        Require(NumSpatialCrops is 1 or 3, "data.num_spatial_crops", NumSpatialCrops, "1 or 3");
    }

    private static bool IsColor(IReadOnlyList<double> values) => values.Count is 1 or 3 && values.All(double.IsFinite);

    private static string Shown(IReadOnlyList<double>? values) => $"[{string.Join(", ", values ?? [])}]";

    // As in the official configurations: wide for crops of 224 pixels, narrow for HR's of 448.
    private static IReadOnlyList<int> Scales(int crop)
    {
        int InProportion(int scale, int of) => (int)Math.Round((double)crop * scale / of);
        return crop >= 448 ? [crop, InProportion(512, 448)] : [InProportion(256, 224), InProportion(320, 224)];
    }
}

/// <summary>Videos that a run generates for itself; see <see cref="ProceduralSet"/>.</summary>
public sealed record ProceduralRecipe
{
    /// <summary>What distinguishes the classes.</summary>
    public ProceduralFamily Family { get; init; } = ProceduralFamily.Motion;

    /// <summary>Training videos of each class.</summary>
    public int TrainPerClass { get; init; } = 60;

    /// <summary>Validation videos of each class.</summary>
    public int ValPerClass { get; init; } = 15;

    /// <summary>Frames of a video, at 30 per second.</summary>
    public int Frames { get; init; } = 18;

    /// <summary>Height and width in pixels.</summary>
    public int Size { get; init; } = 48;

    /// <summary>The same seed makes the same videos.</summary>
    public int Seed { get; init; }
}
