using System.Text.Json.Serialization;
using TimeSformer.Models.Attention;
using static TorchSharp.torch;

namespace TimeSformer.Models;

/// <summary>What the learned embeddings tell a token (paper, section 4.3 and table 4).</summary>
public enum PositionalEmbedding
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its place in the frame.</summary>
    Space,

    /// <summary>Its place in the frame, and its frame.</summary>
    SpaceTime,
}

/// <summary>
/// The sizes of a <see cref="TimeSformerModel"/>. The defaults are the paper's TimeSformer (Base): 8 frames of 224x224 pixels. For clips of
/// other frames and pixels the learned embeddings are interpolated.
/// </summary>
public sealed record TimeSformerConfig : TransformerConfig
{
    /// <summary>The scheme of all blocks.</summary>
    public AttentionScheme Attention { get; init; } = AttentionScheme.DividedSpaceTime;

    /// <summary>
    /// The learned embeddings; null is the official choice: space for the space-only scheme, space and time for all others.
    /// </summary>
    public PositionalEmbedding? PositionalEmbedding { get; init; }

    /// <summary>
    /// How embeddings are resized for clips of other frames or pixels; the official code takes the nearest.
    /// </summary>
    public InterpolationMode EmbeddingInterpolation { get; init; } = InterpolationMode.Nearest;

    /// <summary>
    /// Standard deviation of the initial embeddings of space and time. Null is the official start, 0.02 in space and zero in time, which
    /// suits a pre-trained image model; a small model from nothing learns the order of frames many times sooner from larger ones.
    /// </summary>
    public double? EmbeddingStd { get; init; }

    /// <summary>Whether an embedding tells tokens their place in the frame.</summary>
    [JsonIgnore]
    public bool HasSpaceEmbedding => PositionalEmbedding is not Models.PositionalEmbedding.None;

    /// <summary>Whether an embedding tells tokens their frame.</summary>
    [JsonIgnore]
    public bool HasTimeEmbedding => PositionalEmbedding is Models.PositionalEmbedding.SpaceTime
        || (PositionalEmbedding is null && Attention is not AttentionScheme.SpaceOnly);

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"{Attention}, patches of {PatchSize}, {Width}";

    /// <summary>d64, 4 blocks, 8 frames of 32x32 pixels in patches of 8: trains on a laptop's CPU in minutes.</summary>
    public static TimeSformerConfig Tiny { get; } = new()
    {
        ImageSize = 32, PatchSize = 8, EmbedDim = 64, Depth = 4, NumHeads = 4, DropPathRate = 0, WeightStd = 0.1, EmbeddingStd = 0.5,
    };

    /// <summary>d192 (as ViT-Ti), 12 blocks, 8 frames of 112x112 pixels in patches of 16.</summary>
    public static TimeSformerConfig Small { get; } = new() { ImageSize = 112, EmbedDim = 192, NumHeads = 3 };

    /// <summary>The paper's TimeSformer: ViT-B/16 with 8 frames of 224x224 pixels.</summary>
    public static TimeSformerConfig Base { get; } = new();

    /// <summary>The paper's TimeSformer-HR: 16 frames of 448x448 pixels.</summary>
    public static TimeSformerConfig HighResolution { get; } = new() { NumFrames = 16, ImageSize = 448 };

    /// <summary>The paper's TimeSformer-L: 96 frames of 224x224 pixels.</summary>
    public static TimeSformerConfig Large { get; } = new() { NumFrames = 96 };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (EmbeddingStd <= 0) throw new InputException("EmbeddingStd must be positive");
    }

    private protected override IReadOnlyList<WeightSize> Embeddings =>
    [
        new("patch_embed.proj.weight", EmbedDim, InChannels, PatchSize, PatchSize),
        .. HasSpaceEmbedding ? new[] { new WeightSize("pos_embed", 1, 1L + NumPatches, EmbedDim) } : [],
        .. HasTimeEmbedding ? new[] { new WeightSize("time_embed", 1, NumFrames, EmbedDim) } : [],
    ];

    internal override VideoModel Create(bool initialize) => new TimeSformerModel(this, initialize);
}
