using System.Text.Json.Serialization;
using TimeSformer.Models.Attention;

namespace TimeSformer.Models;

/// <summary>Which of ViViT's encoders (Arnab et al. 2021, section 3.3).</summary>
public enum ViViTEncoder
{
    /// <summary>Model 1: every tubelet to every tubelet of the clip.</summary>
    Joint,

    /// <summary>Model 2: an encoder in space for each moment, and one in time over the moments' class tokens.</summary>
    Factorized,
}

/// <summary>
/// The sizes of a <see cref="ViViT"/> or a <see cref="FactorizedViViT"/>. The defaults are the paper's ViViT-B/16x2: 32 frames of 224x224
/// pixels.
/// </summary>
public sealed record ViViTConfig : TransformerConfig
{
    /// <summary>The paper's ViViT-B/16x2, with 32 frames a clip.</summary>
    public ViViTConfig() => NumFrames = 32;

    /// <summary>Model 1 or 2 of the paper.</summary>
    public ViViTEncoder Encoder { get; init; }

    /// <summary>Frames of a tubelet.</summary>
    public int TubeletFrames { get; init; } = 2;

    /// <summary>Blocks of the encoder in time; the joint encoder has none.</summary>
    public int TemporalDepth { get; init; } = 4;

    /// <summary>The MLPs'; the published weights have the approximation, kernels the exact one alone.</summary>
    public Activation Activation { get; init; } = Activation.TanhGelu;

    /// <summary>Standard deviation of the initial embeddings of space and time.</summary>
    public double EmbeddingStd { get; init; } = 0.02;

    /// <summary>T', the moments of a clip of <see cref="VideoModelConfig.NumFrames"/>: frames of tubelets.</summary>
    public int NumMoments => NumFrames / TubeletFrames;

    internal override BlockConfig Block => base.Block with { Activation = Activation };

    /// <summary>d64, 4 blocks, 8 frames of 32x32 pixels in tubelets of 2x8x8.</summary>
    public static ViViTConfig Tiny { get; } = new()
    {
        NumFrames = 8, ImageSize = 32, PatchSize = 8, EmbedDim = 64, Depth = 4, TemporalDepth = 2, NumHeads = 4, DropPathRate = 0,
        WeightStd = 0.1, EmbeddingStd = 0.5, Activation = Activation.Gelu,
    };

    /// <summary>d192 (as ViT-Ti), 12 blocks, 8 frames of 112x112 pixels in tubelets of 2x16x16.</summary>
    public static ViViTConfig Small { get; } = new()
    {
        NumFrames = 8, ImageSize = 112, EmbedDim = 192, NumHeads = 3, Activation = Activation.Gelu,
    };

    /// <summary>The paper's ViViT-B/16x2: 32 frames of 224x224 pixels, joint attention.</summary>
    public static ViViTConfig Base { get; } = new();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"{Encoder} ViViT, tubelets of {TubeletFrames}x{PatchSize}x{PatchSize}, {Width}";

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequirePositive((nameof(TubeletFrames), TubeletFrames), (nameof(TemporalDepth), TemporalDepth));
        RequireTubelets(TubeletFrames);
        if (!(EmbeddingStd > 0)) throw new InputException("EmbeddingStd must be positive");
    }

    internal override IEnumerable<WeightSize> WeightSizes =>
        base.WeightSizes.Concat(BlockSizes("temporal_blocks", Encoder is ViViTEncoder.Joint ? 0 : TemporalDepth));

    private protected override IReadOnlyList<WeightSize> Embeddings =>
    [
        new("patch_embed.proj.weight", EmbedDim, InChannels, TubeletFrames, PatchSize, PatchSize),
        .. Encoder is ViViTEncoder.Joint
            ? new[] { new WeightSize("pos_embed", 1, 1L + (NumMoments * NumPatches), EmbedDim) }
            : [new("pos_embed", 1, 1L + NumPatches, EmbedDim), new("time_embed", 1, NumMoments, EmbedDim)],
    ];

    internal override VideoModel Create(bool initialize) => Encoder switch
    {
        ViViTEncoder.Joint => new ViViT(this, initialize),
        ViViTEncoder.Factorized => new FactorizedViViT(this, initialize),
        var other => throw new ArgumentException($"unknown encoder {other}"),
    };
}
