using TimeSformer.Checkpoints.Naming;
using TimeSformer.Models;
using TimeSformer.Models.Attention;

namespace TimeSformer.Checkpoints;

/// <summary>Reads a model's sizes off the shapes of its weights.</summary>
internal static class ConfigInference
{
    private const int UsualHeadWidth = 64;

    /// <summary>The configuration of a video model whose weights these are, with the official model's for all that shapes do not tell.</summary>
    /// <param name="heads">The number of heads, which no shape tells; null for heads of 64, as all published models have.</param>
    /// <exception cref="CheckpointException">The weights are not those of a whole model, or their shapes do not fit each other.</exception>
    public static TimeSformerConfig Infer(NamedWeights weights, int? heads)
    {
        foreach (var needed in new[] { "patch_embed.proj.weight", "pos_embed", "head.weight", "blocks.0.mlp.fc1.weight" })
        {
            if (!weights.Has(needed)) throw new CheckpointException(weights.Path, $"it has no {needed}: build the model yourself and start it from this file");
        }
        if (weights.ShapeOf("patch_embed.proj.weight") is not [var dim, var channels, var patch, var width] || patch != width)
        {
            throw new CheckpointException(weights.Path, "its patch embedding is no convolution with square patches");
        }
        if (weights.ShapeOf("pos_embed") is not [1, var places, _] || Math.Sqrt(places - 1) is var side && side != (long)side)
        {
            throw new CheckpointException(weights.Path, "its space embeddings are no square grid");
        }
        if (heads is null && dim % UsualHeadWidth != 0) throw new CheckpointException(weights.Path, $"nothing tells the number of heads: its width of {dim} is no multiple of {UsualHeadWidth}; say how many (--heads N)");
        var (scheme, timed) = (Scheme(weights), weights.Has("time_embed"));
        var config = new TimeSformerConfig
        {
            Attention = scheme,
            PositionalEmbedding = timed || scheme is AttentionScheme.SpaceOnly ? null : PositionalEmbedding.Space,
            NumClasses = Length(weights, "head.weight", 0),
            NumFrames = timed ? Length(weights, "time_embed", 1) : new TimeSformerConfig().NumFrames,
            ImageSize = (int)(side * patch),
            PatchSize = (int)patch,
            InChannels = (int)channels,
            EmbedDim = (int)dim,
            Depth = weights.Names.Count(name => name.EndsWith(".mlp.fc1.weight", StringComparison.Ordinal)),
            NumHeads = heads ?? (int)dim / UsualHeadWidth,
            MlpRatio = (double)Length(weights, "blocks.0.mlp.fc1.weight", 0) / dim,
            QkvBias = weights.Has("blocks.0.attn.qkv.bias"),
        };
        try
        {
            config.Validate();
            return config;
        }
        catch (ArgumentException error)
        {
            throw new CheckpointException(weights.Path, error.Message, error);
        }
    }

    // What is not told apart by names: without any further attention and without embeddings of time, frames are looked at one by one.
    private static AttentionScheme Scheme(NamedWeights weights) =>
        weights.Has("blocks.0.width_fc.weight") ? AttentionScheme.Axial
        : weights.Has("blocks.0.temporal_fc.weight") ? AttentionScheme.DividedSpaceTime
        : weights.Has("blocks.0.local_fc.weight") ? AttentionScheme.SparseLocalGlobal
        : weights.Has("time_embed") ? AttentionScheme.JointSpaceTime
        : AttentionScheme.SpaceOnly;

    private static int Length(NamedWeights weights, string name, int axis) =>
        weights.ShapeOf(name) is var shape && shape.Length > axis ? (int)shape[axis] : throw new CheckpointException(weights.Path, $"its {name} has too few dimensions");
}
