using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Onnx;

/// <summary>The transformers of the zoo as graphs; each method mirrors a method of the model's. Clips have the model's own sizes.</summary>
internal sealed class TransformerGraph(OnnxLayers layers, TransformerConfig config)
{
    private readonly OnnxGraph graph = layers.Graph;
    private readonly long dim = config.EmbedDim, patches = config.NumPatches;

    /// <summary>Clips (B, C, T, H, W) to features (B, D).</summary>
    public string Features(string clips) => config switch
    {
        TimeSformerConfig sizes => TimeSformer(sizes, clips),
        VisionTransformerConfig => VisionTransformer(clips),
        ViViTConfig { Encoder: ViViTEncoder.Joint } => ViViT(clips),
        ViViTConfig sizes => FactorizedViViT(sizes, clips),
        VideoMaeConfig sizes => VideoMae(sizes, clips),
        _ => throw new ArgumentException($"no graph of {config.GetType().Name}"),
    };

    private string TimeSformer(TimeSformerConfig sizes, string clips)
    {
        using var scope = NewDisposeScope();
        var (frames, side) = (sizes.NumFrames, sizes.ImageSize / sizes.PatchSize);
        bool isSpaceOnly = sizes.Attention is AttentionScheme.SpaceOnly;
        var x = graph.Reshape(Patches(clips), -1, frames, patches, dim);                              // (B, T, N, D)
        var cls = layers.Weight("cls_token");                                                         // (1, 1, D)
        if (sizes.HasSpaceEmbedding)
        {
            var position = layers.Weight("pos_embed");                                                // (1, 1 + N, D)
            cls = cls.Plus(position[.., ..1]);
            x = graph.Plus(x, graph.Constant("pos_embed.patches", position[.., 1..]));
        }
        if (sizes.HasTimeEmbedding) x = graph.Plus(x, graph.Constant("time_embed", layers.Weight("time_embed").unsqueeze(2)));
        x = isSpaceOnly
            ? graph.Reshape(x, -1, patches, dim)                                                      // (B·T, N, D)
            : graph.Reshape(graph.Transpose(x, 0, 2, 1, 3), -1, patches * frames, dim);               // (B, N·T, D)
        x = WithFirst(x, "cls_token", cls);

        var isWhole = isSpaceOnly || sizes.Attention is AttentionScheme.JointSpaceTime;
        var steps = isWhole ? [] : AttentionStep.Of(sizes.Attention);
        x = Blocks(x, "blocks", sizes.Depth, [.. steps.Select(step => AttentionGroups.Of(step, new(1, frames, side, side), graph))]);

        x = First(x);
        return layers.LayerNorm(isSpaceOnly ? FrameMean(x) : x, "norm");
    }

    private string VisionTransformer(string clips)
    {
        var x = Blocks(WithEmbeddings(Patches(clips)), "blocks", config.Depth);                       // (B·T, 1 + N, D)
        return FrameMean(layers.LayerNorm(First(x), "norm"));
    }

    private string ViViT(string clips) => layers.LayerNorm(First(Blocks(WithEmbeddings(Tubelets(clips)), "blocks", config.Depth)), "norm");

    private string FactorizedViViT(ViViTConfig sizes, string clips)
    {
        var x = WithEmbeddings(graph.Reshape(Tubelets(clips), -1, patches, dim));                     // (B·T', 1 + N, D)
        x = layers.LayerNorm(First(Blocks(x, "blocks", sizes.Depth)), "norm");
        x = graph.Reshape(x, -1, sizes.NumMoments, dim);                                              // (B, T', D)
        x = graph.Plus(x, graph.Constant("time_embed", layers.Weight("time_embed")));
        x = WithFirst(x, "temporal_cls_token", layers.Weight("temporal_cls_token"));                  // (B, 1 + T', D)
        return layers.LayerNorm(First(Blocks(x, "temporal_blocks", sizes.TemporalDepth)), "temporal_norm");
    }

    private string VideoMae(VideoMaeConfig sizes, string clips)
    {
        using var positions = PositionEmbeddings.Sinusoids(sizes.NumMoments * sizes.NumPatches, sizes.EmbedDim);
        var x = graph.Plus(Tubelets(clips), graph.Constant("positions", positions));                  // (B, T'·N, D)
        x = Blocks(x, "blocks", sizes.Depth);
        return sizes.MeanPooling
            ? layers.LayerNorm(graph.Mean(x, keepDimensions: false, 1), "fc_norm")
            : layers.LayerNorm(First(x), "norm");
    }

    // (B, C, T, H, W) to (B·T, N, D)
    private string Patches(string clips)
    {
        var frames = graph.Reshape(graph.Transpose(clips, 0, 2, 1, 3, 4), -1, config.InChannels, config.ImageSize, config.ImageSize);
        return Tubelets(frames);
    }

    // (B, C, T, H, W) to (B, T'·N, D), or (B, C, H, W) to (B, N, D)
    private string Tubelets(string clips) =>
        graph.Transpose(graph.Reshape(layers.Convolution(clips, "patch_embed.proj"), 0, dim, -1), 0, 2, 1);

    // (S, L, D) to (S, 1 + L, D): the class token first, and the embeddings of all places.
    private string WithEmbeddings(string x) => graph.Plus(
        WithFirst(x, "cls_token", layers.Weight("cls_token")), graph.Constant("pos_embed", layers.Weight("pos_embed")));

    // (S, L, D) to (S, 1 + L, D): a token (1, 1, D) before those of each sequence.
    private string WithFirst(string x, string name, Tensor token) => graph.Concat(1, graph.Repeat(graph.Constant(name, token), x), x);

    // (S, L, D) to (S, D)
    private string First(string x) => graph.Select(x, 1, 0);

    // (B·T, D) to (B, D)
    private string FrameMean(string x) => graph.Mean(graph.Reshape(x, -1, config.NumFrames, dim), keepDimensions: false, 1);

    // (S, R, D) to (S, R, D): attention within groups, one step after another, or over whole sequences; then the MLP.
    private string Blocks(string x, string name, int depth, params IReadOnlyList<AttentionGroups> steps)
    {
        for (int block = 0; block < depth; block++)
        {
            var prefix = $"{name}.{block}.";
            if (steps.Count == 0) x = graph.Plus(x, Attention(layers.LayerNorm(x, $"{prefix}norm1"), $"{prefix}attn"));
            foreach (var step in steps) x = AddStep(x, prefix + step.Step.Prefix, step);
            x = graph.Plus(x, Mlp(layers.LayerNorm(x, $"{prefix}norm2"), $"{prefix}mlp"));
        }
        return x;
    }

    // (B, 1 + N·T, D) to (B, 1 + N·T, D)
    private string AddStep(string x, string prefix, AttentionGroups groups)
    {
        var normed = layers.LayerNorm(x, $"{prefix}norm1");
        string[] parts = [.. groups.Sequences.Select(part =>
        {
            var sequences = graph.Reshape(graph.Gather(normed, 1, part.Tokens), -1, part.Length, dim);
            // The clip's sequences are one after another: (B·G, L, D) to (B, G·L, D).
            return graph.Reshape(Attention(sequences, $"{prefix}attn"), -1, part.Length * part.Count, dim);
        })];
        var attended = graph.Concat(1, parts);
        var added = graph.Gather(attended, 1, groups.Places);                                         // (B, N·T, D)
        if (groups.Copies is { } copies)
        {
            var mean = graph.Mean(graph.Gather(attended, 1, copies), keepDimensions: true, 1);        // (B, 1, D)
            added = graph.Concat(1, mean, added);                                                     // (B, 1 + N·T, D)
        }
        if (layers.Has($"{prefix}fc")) added = layers.Linear(added, $"{prefix}fc");
        return groups.Copies is not null
            ? graph.Plus(x, added)
            : graph.Concat(1, graph.Slice(x, 1, 0, 1), graph.Plus(graph.Slice(x, 1, 1), added));
    }

    // (S, L, D) to (S, L, D)
    private string Attention(string x, string name)
    {
        long heads = config.NumHeads, width = dim / heads;
        var qkv = graph.Reshape(layers.Linear(x, $"{name}.qkv"), 0, 0, 3, heads, width);              // (S, L, 3, A, D/A)
        qkv = graph.Transpose(qkv, 2, 0, 3, 1, 4);                                                    // (3, S, A, L, D/A)
        var (q, k, v) = (graph.Select(qkv, 0, 0), graph.Select(qkv, 0, 1), graph.Select(qkv, 0, 2));
        var scores = graph.Times(graph.MatMul(q, graph.Transpose(k, 0, 1, 3, 2)), 1 / Math.Sqrt(width)); // (S, A, L, L)
        var mixed = graph.MatMul(graph.Node("Softmax", [scores], ("axis", -1L)), v);                  // (S, A, L, D/A)
        return layers.Linear(graph.Reshape(graph.Transpose(mixed, 0, 2, 1, 3), 0, 0, dim), $"{name}.proj");
    }

    // (..., D) to (..., D)
    private string Mlp(string x, string name)
    {
        var approximation = config.Block.Activation is Activation.TanhGelu ? "tanh" : "none";
        var hidden = graph.Node("Gelu", [layers.Linear(x, $"{name}.fc1")], ("approximate", approximation));
        return layers.Linear(hidden, $"{name}.fc2");
    }
}
