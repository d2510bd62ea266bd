using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;

namespace TimeSformer.Checkpoints;

/// <summary>What the shapes of weights tell of a ViViT or a VideoMAE, the models that begin with tubelets.</summary>
internal static class TubeletWeights
{
    private const string Patches = "patch_embed.proj.weight", Hidden = "blocks.0.mlp.fc1.weight", Head = "head.weight";
    private const int UsualHeadWidth = 64;

    /// <summary>Whether weights are of such a model.</summary>
    public static bool Are(NamedWeights weights) => weights.Has(Patches) && weights.ShapeOf(Patches).Length == 5;

    /// <summary>Infers a model's configuration from its weights; what their shapes do not tell is as in the published models.</summary>
    /// <param name="given">
    /// The heads, and the frames or pixels of a clip, of which joint embeddings tell the product alone; without them, heads have width 64
    /// and frames 224x224 pixels.
    /// </param>
    /// <exception cref="CheckpointException">
    /// The weights are not those of a whole model, their shapes do not fit together, or what is not given is unknown.
    /// </exception>
    public static VideoModelConfig Infer(NamedWeights weights, ModelFacts given)
    {
        foreach (var needed in new[] { Patches, Hidden, Head })
        {
            if (!weights.Has(needed)) throw Bad($"it has no {needed}, so it is not a whole model; use it to start one (Pretrained.Load)");
        }
        if (weights.ShapeOf(Patches) is not [var dim, var channels, > 0 and var frames, > 0 and var patch, var width]
            || patch != width)
        {
            throw Bad("its patch embedding is not a convolution with tubelets of square patches");
        }
        if (given.NumHeads is null && dim % UsualHeadWidth != 0)
        {
            throw Bad($"the number of heads is unknown: its width of {dim} is not a multiple of {UsualHeadWidth}; pass --heads N");
        }
        int Blocks(string stem) => weights.Names.Count(name =>
            name.StartsWith(stem, StringComparison.Ordinal) && name.EndsWith(".mlp.fc1.weight", StringComparison.Ordinal));
        TransformerConfig config = weights.Has("cls_token") ? ViViT() : VideoMae();
        config = config with
        {
            NumClasses = weights.Length(Head, 0),
            InChannels = (int)channels,
            PatchSize = (int)patch,
            EmbedDim = (int)dim,
            Depth = Blocks("blocks."),
            NumHeads = given.NumHeads ?? (int)dim / UsualHeadWidth,
            MlpRatio = (double)weights.Length(Hidden, 0) / dim,
            QkvBias = weights.Has("blocks.0.attn.qkv.bias"),
        };
        ModelInfo.RequireSizes(weights, config);
        return config;

        VideoMaeConfig VideoMae()
        {
            var usual = VideoMaeConfig.Base;
            return usual with
            {
                TubeletFrames = (int)frames,
                NumFrames = given.NumFrames ?? usual.NumFrames,
                ImageSize = given.ImageSize ?? usual.ImageSize,
                MeanPooling = !weights.Has("norm.weight"),
            };
        }

        ViViTConfig ViViT()
        {
            if (!weights.Has("pos_embed")) throw Bad("it has no pos_embed");
            if (weights.ShapeOf("pos_embed") is not [1, > 1 and var tokens, _]) throw Bad("its pos_embed are not embeddings of tokens");
            long places = tokens - 1;
            bool isFactorized = weights.Has("temporal_blocks.0.mlp.fc1.weight");
            long moments = isFactorized && weights.Has("time_embed") ? weights.Length("time_embed", 1)
                : given.NumFrames is { } stated ? stated / frames
                : places / Math.Max(1, Square((given.ImageSize ?? ViViTConfig.Base.ImageSize) / patch));
            long side = (long)Math.Sqrt(isFactorized ? places : places / Math.Max(1, moments));
            if (moments == 0 || Square(side) * (isFactorized ? 1 : moments) != places)
            {
                throw Bad($"the frames of its clips are unknown: {places} embeddings could be of several; pass --frames N");
            }
            return ViViTConfig.Base with
            {
                Encoder = isFactorized ? ViViTEncoder.Factorized : ViViTEncoder.Joint,
                TubeletFrames = (int)frames,
                NumFrames = (int)(moments * frames),
                ImageSize = (int)(side * patch),
                TemporalDepth = isFactorized ? Blocks("temporal_blocks.") : ViViTConfig.Base.TemporalDepth,
            };
        }

        CheckpointException Bad(string cause) => new(weights.Path, cause);
    }

    private static long Square(long side) => side * side;
}
