using System.Text.Json.Serialization;
using TimeSformer.Models.Convolution;

namespace TimeSformer.Models;

/// <summary>The sizes of an <see cref="I3D"/>. The defaults are PySlowFast's I3D_8x8_R50: 8 frames of 224x224 pixels.</summary>
public sealed record I3DConfig : VideoModelConfig
{
    /// <summary>Channels of the stem, which all others are multiples of.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Blocks per stage.</summary>
    public StageDepths Depths { get; init; } = StageDepths.ResNet50;

    /// <summary>Dropout before the head.</summary>
    public double DropRate { get; init; } = 0.5;

    /// <summary>Whether the last norm of each block starts at zero, so that the block begins as the identity.</summary>
    public bool ZeroLastNorm { get; init; } = true;

    /// <summary>I3D-R50 8x8, as published for Kinetics-400.</summary>
    public static I3DConfig Base { get; } = new();

    /// <summary>A quarter of its width, two blocks per stage, 8 frames of 112x112 pixels: trains on a laptop's CPU.</summary>
    public static I3DConfig Small { get; } = new() { ImageSize = 112, Width = 16, Depths = StageDepths.Two };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequirePositive([(nameof(Width), Width), .. Depths.Named]);
        if (NumFrames < 2) throw new InputException($"NumFrames is {NumFrames}; the model takes 2 or more, because it pools them in pairs");
        if (DropRate is not (>= 0 and < 1)) throw new InputException($"DropRate is {DropRate}; it must be in [0, 1)");
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"I3D, ResNet of width {Width} with {Depths.Text} blocks";

    internal override IEnumerable<WeightSize> WeightSizes => Depths.Sizes(Width, Width)
        .Append(new("s1.pathway0_stem.conv.weight", Width, InChannels, 5, 7, 7))
        .Append(new("head.projection.weight", NumClasses, 32L * Width));

    internal override VideoModel Create(bool initialize) => new I3D(this, initialize);
}
