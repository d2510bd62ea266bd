using System.Text.Json.Serialization;
using TimeSformer.Models.Convolution;

namespace TimeSformer.Models;

/// <summary>The image model of a <see cref="CnnGru"/>.</summary>
public enum ImageBackbone
{
    /// <summary>ResNet-18: blocks of two convolutions.</summary>
    ResNet18,

    /// <summary>ResNet-50: blocks of three convolutions.</summary>
    ResNet50,
}

/// <summary>The sizes of a <see cref="CnnGru"/>. The defaults are the tutorial's, 20 frames of 224x224 pixels, on a ResNet-18.</summary>
public sealed record CnnGruConfig : VideoModelConfig
{
    /// <summary>The defaults.</summary>
    public CnnGruConfig() => NumFrames = 20;

    /// <summary>The image model.</summary>
    public ImageBackbone Backbone { get; init; } = ImageBackbone.ResNet18;

    /// <summary>Channels of its stem, which all others are multiples of.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Width of the first recurrent layer.</summary>
    public int FirstGru { get; init; } = 16;

    /// <summary>Width of the second recurrent layer.</summary>
    public int SecondGru { get; init; } = 8;

    /// <summary>Dropout after the recurrent layers.</summary>
    public double DropRate { get; init; } = 0.4;

    /// <summary>Width of the dense layer before the classifier.</summary>
    public int DenseWidth { get; init; } = 8;

    /// <summary>The tutorial's sizes on a ResNet-18.</summary>
    public static CnnGruConfig Base { get; } = new();

    /// <summary>A quarter of the width, 8 frames of 112x112 pixels: trains on a laptop's CPU.</summary>
    public static CnnGruConfig Small { get; } = new() { NumFrames = 8, ImageSize = 112, Width = 16 };

    [JsonIgnore]
    internal bool IsDeep => Backbone is ImageBackbone.ResNet50;

    [JsonIgnore]
    internal StageDepths Depths => IsDeep ? StageDepths.ResNet50 : StageDepths.Two;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequirePositive(
            (nameof(Width), Width), (nameof(FirstGru), FirstGru), (nameof(SecondGru), SecondGru), (nameof(DenseWidth), DenseWidth));
        if (DropRate is not (>= 0 and < 1)) throw new InputException($"DropRate is {DropRate}; it must be in [0, 1)");
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"{Backbone} of width {Width} on each frame, recurrent layers of {FirstGru} and {SecondGru}";

    internal override IEnumerable<WeightSize> WeightSizes =>
    [
        new("backbone.conv1.weight", Width, InChannels, 7, 7), new("backbone.layer4.0.conv2.weight", 8L * Width, 8L * Width, 3, 3),
        new("gru1.weight_hh_l0", 3L * FirstGru, FirstGru), new("gru2.weight_hh_l0", 3L * SecondGru, SecondGru),
        new("dense.weight", DenseWidth, SecondGru), new("head.weight", NumClasses, DenseWidth),
    ];

    internal override VideoModel Create(bool initialize) => new CnnGru(this, initialize);
}
