using System.Text.Json.Serialization;

namespace TimeSformer.Models;

/// <summary>The sizes of a <see cref="VisionTransformer"/>; the defaults are ViT-B/16's, for 8 frames of 224x224 pixels.</summary>
public sealed record VisionTransformerConfig : TransformerConfig
{
    /// <summary>
    /// Standard deviation of the initial embeddings; the official 0.02 suits Base, a small model from nothing learns sooner from larger
    /// ones.
    /// </summary>
    public double EmbeddingStd { get; init; } = 0.02;

    /// <summary>d64, 4 blocks, 8 frames of 32x32 pixels in patches of 8.</summary>
    public static VisionTransformerConfig Tiny { get; } = new()
    {
        ImageSize = 32, PatchSize = 8, EmbedDim = 64, Depth = 4, NumHeads = 4, DropPathRate = 0, WeightStd = 0.1, EmbeddingStd = 0.5,
    };

    /// <summary>d192 (ViT-Ti and DeiT-tiny), 12 blocks, 8 frames of 112x112 pixels in patches of 16.</summary>
    public static VisionTransformerConfig Small { get; } = new() { ImageSize = 112, EmbedDim = 192, NumHeads = 3 };

    /// <summary>ViT-B/16, 8 frames of 224x224 pixels.</summary>
    public static VisionTransformerConfig Base { get; } = new();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"an image ViT on each frame, patches of {PatchSize}, {Width}";

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (!(EmbeddingStd > 0)) throw new InputException("EmbeddingStd must be positive");
    }

    private protected override IReadOnlyList<WeightSize> Embeddings =>
    [
        new("patch_embed.proj.weight", EmbedDim, InChannels, PatchSize, PatchSize), new("pos_embed", 1, 1L + NumPatches, EmbedDim),
    ];

    internal override VideoModel Create(bool initialize) => new VisionTransformer(this, initialize);
}
