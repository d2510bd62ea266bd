using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// TimeSformer, "Is Space-Time Attention All You Need for Video Understanding?" (Bertasius, Wang, Torresani, ICML 2021,
/// arXiv 2102.05095). A ViT whose blocks attend over space and time.
/// </summary>
/// <remarks>
/// Submodules and parameters bear the names of the official implementation, so that state dicts are exchangeable:
/// <c>cls_token, pos_embed, time_embed, patch_embed.proj, blocks.i.{norm1, attn.qkv, attn.proj, temporal_norm1,
/// temporal_attn.qkv, temporal_attn.proj, temporal_fc, norm2, mlp.fc1, mlp.fc2}, norm, head</c>.
/// </remarks>
public sealed class TimeSformerModel : Module<Tensor, Tensor>
{
    // Declared in the order in which the official state dict lists them.
    private readonly Parameter cls_token;
    private readonly Parameter? pos_embed;
    private readonly Parameter? time_embed;
    private readonly PatchEmbed patch_embed;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;
    private readonly Dropout drop;

    /// <summary>A model with random weights, drawn from the global generator (official initialisation, vit.py).</summary>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    public TimeSformerModel(TimeSformerConfig config)
        : this(config, initialise: true)
    {
    }

    /// <summary>As the other; without initialisation for weights that a file will replace, all of them: Base's take seconds to draw.</summary>
    internal TimeSformerModel(TimeSformerConfig config, bool initialise)
        : base(nameof(TimeSformerModel))
    {
        config.Validate();
        Config = config;
        int dim = config.EmbedDim;
        patch_embed = new PatchEmbed(config);
        cls_token = new Parameter(zeros(1, 1, dim));
        pos_embed = config.HasSpaceEmbedding ? new Parameter(zeros(1, config.NumPatches + 1, dim)) : null;
        time_embed = config.HasTimeEmbedding ? new Parameter(zeros(1, config.NumFrames, dim)) : null;
        drop = Dropout(config.DropRate);
        blocks = [.. Enumerable.Range(0, config.Depth).Select(i => CreateBlock(config, DropPathAt(config, i)))];
        norm = LayerNorm(dim, config.LayerNormEps);
        head = Linear(dim, config.NumClasses);
        RegisterComponents();
        if (initialise) Initialise();
    }

    /// <summary>The sizes that the model was made with.</summary>
    public TimeSformerConfig Config { get; }

    /// <summary>The transformer blocks in order.</summary>
    public IReadOnlyList<TransformerBlock> Blocks => [.. blocks];

    /// <summary>Class scores of clips.</summary>
    /// <param name="input">Clips (B, C, T, H, W), normalised RGB; H and W multiples of the patch size.</param>
    /// <returns>Logits (B, classes).</returns>
    /// <exception cref="ArgumentException">The clip's shape does not fit the model; the message says how.</exception>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Head(forward_features(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The normalised classification token before the head.</summary>
    /// <param name="clips">As for <see cref="forward"/>.</param>
    /// <param name="onBlock">Called with each block's index and output tokens, e.g. to compare or to visualise them; the tokens live until it returns.</param>
    /// <returns>Features (B, D).</returns>
    public Tensor forward_features(Tensor clips, Action<int, Tensor>? onBlock = null)
    {
        using var scope = NewDisposeScope();
        var (x, grid) = Embed(clips);
        for (int i = 0; i < blocks.Count; i++)
        {
            using var previous = x;
            x = blocks[i].call(x, grid);
            onBlock?.Invoke(i, x);
        }
        return Features(x, grid).MoveToOuterDisposeScope();
    }

    /// <summary>Class scores, and what each token looked at in each step of each block; the scores are those of <see cref="forward"/>.</summary>
    /// <param name="clips">As for <see cref="forward"/>.</param>
    /// <returns>Logits (B, classes) and the maps in the order of computation; the caller disposes of each map.</returns>
    public (Tensor Logits, IReadOnlyList<AttentionMap> Attention) forward_with_attention(Tensor clips)
    {
        try
        {
            foreach (var block in blocks) block.Captured = [];
            var logits = forward(clips);
            return (logits, [.. blocks.SelectMany((block, index) => block.Captured!.Select(map => map with { Block = index }))]);
        }
        finally
        {
            foreach (var block in blocks) block.Captured = null;
        }
    }

    /// <summary>The classification head: features (B, D) to logits (B, classes).</summary>
    public Tensor Head(Tensor features) => head.call(features);

    /// <summary>The last block's tokens to features (B, D).</summary>
    internal Tensor Features(Tensor tokens, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        var cls = tokens[.., 0];                                                   // (B, D) or, space-only, (B·T, D)
        if (Config.Attention is AttentionScheme.SpaceOnly)
        {
            // Averaging commutes with taking the token, not with the norm: average first.
            cls = cls.reshape(grid.Batch, grid.Frames, Config.EmbedDim).mean([1L]); // (B, D)
        }
        return norm.call(cls).MoveToOuterDisposeScope();
    }

    /// <summary>Patches, position embeddings and the classification token (paper, equation 1): the first block's tokens.</summary>
    internal (Tensor Tokens, TokenGrid Grid) Embed(Tensor clips)
    {
        CheckInput(clips);
        using var scope = NewDisposeScope();
        int dim = Config.EmbedDim;
        var grid = new TokenGrid(clips.shape[0], clips.shape[2], clips.shape[3] / Config.PatchSize, clips.shape[4] / Config.PatchSize);
        var patches = patch_embed.call(clips);                                     // (B, T, N, D)
        Tensor cls = cls_token;                                                    // (1, 1, D)
        if (pos_embed is not null)
        {
            var position = PositionEmbeddings.Space(pos_embed, grid, Config.EmbeddingInterpolation); // (1, 1 + N, D)
            cls = cls.Plus(position[.., ..1]);
            patches = patches.Plus(position[.., 1..].unsqueeze(1));
        }
        patches = drop.call(patches);
        if (time_embed is not null)
        {
            var time = PositionEmbeddings.Time(time_embed, grid.Frames, Config.EmbeddingInterpolation); // (1, T, D)
            patches = drop.call(patches.Plus(time.unsqueeze(2)));
        }
        // Space-only, each frame is a sequence; else the clip is one, in the official order: all frames of a patch, then the next patch.
        var (sequences, tokens) = Config.Attention is AttentionScheme.SpaceOnly
            ? (grid.Batch * grid.Frames, patches.flatten(0, 1))                    // (B·T, N, D)
            : (grid.Batch, patches.transpose(1, 2).flatten(1, 2));                 // (B, N·T, D)
        return (cat([drop.call(cls.expand(sequences, 1, dim)), tokens], 1).MoveToOuterDisposeScope(), grid);
    }

    private void CheckInput(Tensor clips)
    {
        var shape = clips.shape;
        if (shape.Length != 5) throw new ArgumentException($"a clip batch has 5 dimensions (B, C, T, H, W), this tensor has shape ({string.Join(", ", shape)})");
        if (shape[1] != Config.InChannels) throw new ArgumentException($"the model takes {Config.InChannels} channels in dimension 1, the clips have {shape[1]}");
        if (shape[3] % Config.PatchSize != 0 || shape[4] % Config.PatchSize != 0 || shape.Contains(0))
        {
            throw new ArgumentException($"frames of {shape[3]}x{shape[4]} pixels do not divide into patches of {Config.PatchSize}x{Config.PatchSize}");
        }
        if (clips.dtype != cls_token.dtype) throw new ArgumentException($"the model's weights are {cls_token.dtype}, the clips {clips.dtype}; convert one of them");
    }

    private static double DropPathAt(TimeSformerConfig config, int block) =>
        config.Depth == 1 ? 0 : config.DropPathRate * block / (config.Depth - 1);

    private static TransformerBlock CreateBlock(TimeSformerConfig config, double dropPath) => config.Attention switch
    {
        AttentionScheme.DividedSpaceTime => new DividedSpaceTimeBlock(config, dropPath),
        AttentionScheme.JointSpaceTime or AttentionScheme.SpaceOnly => new FullAttentionBlock(config, dropPath),
        AttentionScheme.SparseLocalGlobal => new SparseLocalGlobalBlock(config, dropPath),
        AttentionScheme.Axial => new AxialBlock(config, dropPath),
        var other => throw new ArgumentException($"unknown attention scheme {other}"),
    };

    // Truncated normal weights, zero biases; the layers that close an added attention start at zero, so that a block begins as an image ViT's.
    private void Initialise()
    {
        using var _ = no_grad();
        if (pos_embed is not null) Init.trunc_normal_(pos_embed, std: Config.EmbeddingStd ?? 0.02);
        if (time_embed is not null && Config.EmbeddingStd is { } std) Init.trunc_normal_(time_embed, std: std);
        Init.trunc_normal_(cls_token, std: 0.02);
        foreach (var linear in modules().OfType<Linear>())
        {
            Init.trunc_normal_(linear.weight!, std: Config.WeightStd);
            if (linear.bias is not null) init.zeros_(linear.bias);
        }
        foreach (var linear in blocks.SelectMany(block => block.ZeroAtStart))
        {
            init.zeros_(linear.weight!);
            init.zeros_(linear.bias!);
        }
    }
}
