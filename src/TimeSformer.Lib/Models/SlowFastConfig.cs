using System.Text.Json.Serialization;
using TimeSformer.Models.Convolution;

namespace TimeSformer.Models;

/// <summary>The sizes of a <see cref="SlowFast"/>. The defaults are PySlowFast's SLOWFAST_4x16_R50: 32 frames of 224x224 pixels.</summary>
public sealed record SlowFastConfig : VideoModelConfig
{
    /// <summary>The defaults.</summary>
    public SlowFastConfig() => NumFrames = 32;

    /// <summary>Channels of the slow pathway's stem, which all others are multiples of.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Blocks per stage, in both pathways.</summary>
    public StageDepths Depths { get; init; } = StageDepths.ResNet50;

    /// <summary>α: one in so many frames is in the slow pathway; divides <see cref="VideoModelConfig.NumFrames"/>.</summary>
    public int Alpha { get; init; } = 8;

    /// <summary>1/β: the slow pathway has so many times the channels of the fast one; divides <see cref="Width"/>.</summary>
    public int BetaInverse { get; init; } = 8;

    /// <summary>Channels that a map of the fast pathway adds to the slow one, as a multiple of its own.</summary>
    public int FusionRatio { get; init; } = 2;

    /// <summary>Frames that such a fusion spans, an odd number.</summary>
    public int FusionKernel { get; init; } = 5;

    /// <summary>Dropout before the head.</summary>
    public double DropRate { get; init; } = 0.5;

    /// <summary>Whether the last norm of each block starts at zero, so that the block begins as the identity.</summary>
    public bool ZeroLastNorm { get; init; } = true;

    /// <summary>Channels of the fast pathway's stem.</summary>
    [JsonIgnore]
    public int FastWidth => Width / BetaInverse;

    /// <summary>SlowFast-R50 4x16, as published for Kinetics-400: 4 slow frames of 32.</summary>
    public static SlowFastConfig FourFrames { get; } = new();

    /// <summary>SlowFast-R50 8x8, as published for Kinetics-400: 8 slow frames of 32.</summary>
    public static SlowFastConfig EightFrames { get; } = new() { Alpha = 4, FusionKernel = 7 };

    /// <summary>A quarter of its width, two blocks per stage, 2 slow frames of 8 of 112x112 pixels: trains on a laptop's CPU.</summary>
    public static SlowFastConfig Small { get; } = new()
    {
        NumFrames = 8, ImageSize = 112, Width = 16, Depths = StageDepths.Two, Alpha = 4,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequirePositive(
        [
            (nameof(Width), Width), (nameof(Alpha), Alpha), (nameof(BetaInverse), BetaInverse), (nameof(FusionRatio), FusionRatio),
            (nameof(FusionKernel), FusionKernel), .. Depths.Named,
        ]);
        if (NumFrames % Alpha != 0) throw new InputException($"NumFrames {NumFrames} is not a multiple of Alpha {Alpha}");
        if (Width % BetaInverse != 0) throw new InputException($"Width {Width} is not a multiple of BetaInverse {BetaInverse}");
        if (FusionKernel % 2 == 0) throw new InputException($"FusionKernel is {FusionKernel}; it must be odd");
        if (DropRate is not (>= 0 and < 1)) throw new InputException($"DropRate is {DropRate}; it must be in [0, 1)");
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"SlowFast, {NumFrames / Alpha} slow frames, ResNet of width {Width} with {Depths.Text} blocks";

    internal override IEnumerable<WeightSize> WeightSizes => Depths.Sizes(Width, Width + ((long)FusionRatio * FastWidth))
        .Append(new("s1.pathway0_stem.conv.weight", Width, InChannels, 1, 7, 7))
        .Append(new("s1.pathway1_stem.conv.weight", FastWidth, InChannels, 5, 7, 7))
        .Append(new("s4_fuse.conv_f2s.weight", 16L * FusionRatio * FastWidth, 16L * FastWidth, FusionKernel, 1, 1))
        .Append(new("head.projection.weight", NumClasses, 32L * (Width + FastWidth)));

    internal override VideoModel Create(bool initialize) => new SlowFast(this, initialize);
}
