using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Models.Attention;

namespace TimeSformer.Checkpoints;

/// <summary>What the shapes of weights tell of a TimeSformer, or of an image ViT, which is one of a single frame.</summary>
internal static class TimeSformerWeights
{
    private const int UsualHeadWidth = 64;

    /// <summary>Infers a video model's configuration from its weights; what their shapes do not tell is as in the official model.</summary>
    /// <param name="heads">The number of heads, which no shape tells; null for heads of width 64, as all published models have.</param>
    /// <exception cref="CheckpointException">The weights are not those of a whole model, or their shapes do not fit together.</exception>
    public static TimeSformerConfig Infer(NamedWeights weights, int? heads)
    {
        foreach (var needed in new[] { "patch_embed.proj.weight", "pos_embed", "head.weight", "blocks.0.mlp.fc1.weight" })
        {
            if (!weights.Has(needed)) throw Bad($"it has no {needed}, so it is not a whole model; use it to start one (Pretrained.Load)");
        }
        if (weights.ShapeOf("patch_embed.proj.weight") is not [var dim, var channels, var patch, var width] || patch != width)
        {
            throw Bad("its patch embedding is not a convolution with square patches");
        }
        if (weights.ShapeOf("pos_embed") is not [1, var places, _] || Math.Sqrt(places - 1) is var side && side != (long)side)
        {
            throw Bad("its positional embeddings do not form a square grid");
        }
        if (heads is null && dim % UsualHeadWidth != 0)
        {
            throw Bad($"the number of heads is unknown: its width of {dim} is not a multiple of {UsualHeadWidth}; pass --heads N");
        }
        var (scheme, timed) = (Scheme(weights), weights.Has("time_embed"));
        var config = new TimeSformerConfig
        {
            Attention = scheme,
            PositionalEmbedding = timed || scheme is AttentionScheme.SpaceOnly ? null : PositionalEmbedding.Space,
            NumClasses = weights.Length("head.weight", 0),
            NumFrames = timed ? weights.Length("time_embed", 1) : new TimeSformerConfig().NumFrames,
            ImageSize = (int)(side * patch),
            PatchSize = (int)patch,
            InChannels = (int)channels,
            EmbedDim = (int)dim,
            Depth = weights.Names.Count(name => name.EndsWith(".mlp.fc1.weight", StringComparison.Ordinal)),
            NumHeads = heads ?? (int)dim / UsualHeadWidth,
            MlpRatio = (double)weights.Length("blocks.0.mlp.fc1.weight", 0) / dim,
            QkvBias = weights.Has("blocks.0.attn.qkv.bias"),
        };
        ModelInfo.RequireSizes(weights, config);
        return config;

        CheckpointException Bad(string cause) => new(weights.Path, cause);
    }

    // Names tell the schemes apart, except the last: without further attention and time embeddings, frames are processed one by one.
    private static AttentionScheme Scheme(NamedWeights weights) =>
        weights.Has("blocks.0.width_fc.weight") ? AttentionScheme.Axial
        : weights.Has("blocks.0.temporal_fc.weight") ? AttentionScheme.DividedSpaceTime
        : weights.Has("blocks.0.local_fc.weight") ? AttentionScheme.SparseLocalGlobal
        : weights.Has("time_embed") ? AttentionScheme.JointSpaceTime
        : AttentionScheme.SpaceOnly;
}
