using System.ComponentModel;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;
using TimeSformer.Models;
using YamlDotNet.Serialization;
using static YamlDotNet.Serialization.DefaultValuesHandling;

namespace TimeSformer.Training;

/// <summary>The videos and how clips are made of them.</summary>
public sealed record DataRecipe
{
    // Null where a recipe leaves it out, for which a preset may have something to say.
    private readonly int? frames;
    private readonly int? samplingRate;
    private readonly int? cropSize;
    private readonly IReadOnlyList<int>? jitterScales;

    /// <summary>Videos to write instead of lists that are there.</summary>
    public ProceduralRecipe? Procedural { get; init; }

    /// <summary>List of training videos, `path label` a line; relative to the recipe's folder.</summary>
    public string Train { get; init; } = "";

    /// <summary>List of validation videos; the run is not evaluated where it is absent.</summary>
    public string Val { get; init; } = "";

    /// <summary>T, frames of a clip.</summary>
    public int Frames { get => frames ?? 8; init => frames = value; }

    /// <summary>Distance of a clip's frames in the video, in frames at 30 per second; 0 takes a frame from each of T equal parts of the whole video (Something-Something).</summary>
    public int SamplingRate { get => samplingRate ?? 32; init => samplingRate = value; }

    /// <summary>Height and width of a clip in pixels.</summary>
    public int CropSize { get => cropSize ?? 224; init => cropSize = value; }

    /// <summary>The short side is scaled to a random length in this range before a random crop.</summary>
    public IReadOnlyList<int> JitterScales { get => jitterScales ?? Scales(224); init => jitterScales = value; }

    /// <summary>Mirror half of the training clips; off where left and right are different classes.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Threads that decode ahead of the training loop; 0 decodes in the loop.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Decoded videos kept in memory, at most; 0 decodes each time.</summary>
    public int CacheMegabytes { get; init; }

    /// <summary>Views in time of each validation video after the last epoch; after the others there is one.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1)]
    public int TestViews { get; init; } = 1;

    /// <summary>Crops of each of these views: 1 or 3.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1)]
    public int TestCrops { get; init; } = 1;

    /// <summary>Draws the inverse of the scale uniformly between those of <see cref="JitterScales"/> (the official DATA.INV_UNIFORM_SAMPLE), which favours small scales.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public bool InverseUniformScale { get; init; }

    /// <summary>RandAugment: operations on a training clip; 0 is off.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public int RandAugmentOperations { get; init; }

    /// <summary>Strength of these operations, 0 to 10.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(9.0)]
    public double RandAugmentMagnitude { get; init; } = 9;

    /// <summary>Random erasing: share of the training clips in which a rectangle becomes noise; 0 is off.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double EraseProbability { get; init; }

    /// <summary>Instead of lists: how the data set in <see cref="Root"/> lies on disk.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public DatasetLayout? Layout { get; init; }

    /// <summary>The data set's folder, or where there are lists, the folder from which their paths are taken; relative to the recipe's.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public string? Root { get; init; }

    /// <summary>Which of the data set's official splits, from 1.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1)]
    public int Split { get; init; } = 1;

    /// <summary>Share of each class's training videos that are used, above 0 to 1; the same ones whatever the seed, and those of a smaller share are among those of a larger one.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1.0)]
    public double TrainShare { get; init; } = 1;

    /// <summary>What is left out of the clips is what a preset is made for; the scales fit the crop.</summary>
    internal DataRecipe For(Preset preset)
    {
        int crop = cropSize ?? preset.Model.ImageSize;
        return this with { Frames = frames ?? preset.Model.NumFrames, SamplingRate = samplingRate ?? preset.SamplingRate ?? 0, CropSize = crop, JitterScales = jitterScales ?? Scales(crop) };
    }

    /// <summary>The training clips' variations.</summary>
    internal Augmentation Augmentation() => new(JitterScales[0], JitterScales[1], Flip)
    {
        InverseUniformScale = InverseUniformScale,
        RandAugment = RandAugmentOperations > 0 ? new(RandAugmentOperations, RandAugmentMagnitude) : null,
        Erasing = EraseProbability > 0 ? new(EraseProbability) : null,
    };

    // The official configurations': wide for crops of 224 pixels, narrow for HR's of 448.
    private static IReadOnlyList<int> Scales(int crop)
    {
        int InProportion(int scale, int of) => (int)Math.Round((double)crop * scale / of);
        return crop >= 448 ? [crop, InProportion(512, 448)] : [InProportion(256, 224), InProportion(320, 224)];
    }
}
