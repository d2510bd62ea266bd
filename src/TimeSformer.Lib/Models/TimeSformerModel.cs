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
public sealed class TimeSformerModel : TransformerModel
{
    private readonly TimeSformerConfig config;

    // Declared in the order in which the official state dict lists them.
    private readonly Parameter cls_token;
    private readonly Parameter? pos_embed;
    private readonly Parameter? time_embed;
    private readonly PatchEmbed patch_embed;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;
    private readonly Dropout drop;

    /// <summary>A model with random weights, drawn from the global generator (official initialization, vit.py).</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public TimeSformerModel(TimeSformerConfig config)
        : this(config, initialize: true)
    {
    }

    /// <param name="config">The sizes.</param>
    /// <param name="initialize">Whether to draw weights; not if a file replaces them all, because Base's take seconds to draw.</param>
    internal TimeSformerModel(TimeSformerConfig config, bool initialize)
        : base(nameof(TimeSformerModel), config)
    {
        this.config = config;
        int dim = config.EmbedDim;
        patch_embed = new PatchEmbed(config);
        cls_token = new Parameter(zeros(1, 1, dim));
        pos_embed = config.HasSpaceEmbedding ? new Parameter(zeros(1, config.NumPatches + 1, dim)) : null;
        time_embed = config.HasTimeEmbedding ? new Parameter(zeros(1, config.NumFrames, dim)) : null;
        drop = Dropout(config.DropRate);
        blocks = [.. Enumerable.Range(0, config.Depth).Select(i => CreateBlock(config, config.DropPathAt(i)))];
        norm = LayerNorm(dim, config.LayerNormEps);
        head = Linear(dim, config.NumClasses);
        RegisterComponents();
        if (initialize) Initialize();
    }

    internal override int Depth => config.Depth;

    /// <inheritdoc/>
    public override IReadOnlyList<TransformerBlock> Blocks => [.. blocks];

    /// <summary>The normalized tokens of the patches after the last block.</summary>
    /// <param name="x">Clips (B, C, T, H, W), normalized RGB; H and W multiples of the patch size.</param>
    /// <returns>(B, T, H/P, W/P, D).</returns>
    /// <exception cref="ArgumentException">The clips' shape does not fit the model; the message says how.</exception>
    public override Tensor forward_map(Tensor x)
    {
        using var scope = NewDisposeScope();
        (x, var grid) = Embed(x);
        var (_, frames, height, width) = grid;
        var patches = norm.call(Run(blocks, x, grid)[.., 1..]);                    // (B, N·T, D) or, space-only, (B·T, N, D)
        return (config.Attention is AttentionScheme.SpaceOnly
            ? patches.view(-1, frames, height, width, config.EmbedDim)
            : patches.view(-1, height, width, frames, config.EmbedDim).permute(0, 3, 1, 2, 4)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward_head(Tensor x) => head.call(x);

    // Time embeddings start from zero where an image model's weights are kept from changing much: they learn as the head does.
    internal override int LayerOf(string parameter) => parameter == "time_embed" ? Depth + 1 : base.LayerOf(parameter);

    /// <summary>The layout of a batch's tokens.</summary>
    /// <param name="x">Clips, as for <see cref="VideoModel.forward"/>.</param>
    internal TokenGrid GridOf(Tensor x) => new(x.shape[0], x.shape[2], x.shape[3] / config.PatchSize, x.shape[4] / config.PatchSize);

    /// <summary>Patches, positional embeddings and the class token (paper, equation 1): clips to the first block's tokens.</summary>
    internal override (Tensor Tokens, TokenGrid Grid) Embed(Tensor x)
    {
        RequireClips(x, cls_token.dtype);
        RequirePatches(x, config.PatchSize);
        using var scope = NewDisposeScope();
        var grid = GridOf(x);
        x = patch_embed.call(x);                                                   // (B, T, N, D)
        Tensor cls = cls_token;                                                    // (1, 1, D)
        if (pos_embed is not null)
        {
            var position = PositionEmbeddings.Space(pos_embed, grid, config.EmbeddingInterpolation); // (1, 1 + N, D)
            cls = cls.Plus(position[.., ..1]);
            x = x.Plus(position[.., 1..].unsqueeze(1));
        }
        x = drop.call(x);
        if (time_embed is not null)
        {
            var time = PositionEmbeddings.Time(time_embed, grid.Frames, config.EmbeddingInterpolation); // (1, T, D)
            x = drop.call(x.Plus(time.unsqueeze(2)));
        }
        // In the space-only scheme each frame is a sequence; else the clip is one, in the official order: all frames of a patch, then the
        // next.
        x = config.Attention is AttentionScheme.SpaceOnly
            ? x.flatten(0, 1)                                                      // (B·T, N, D)
            : x.transpose(1, 2).flatten(1, 2);                                     // (B, N·T, D)
        cls = drop.call(cls.expand(x.shape[0], 1, config.EmbedDim));
        return (cat([cls, x], 1).MoveToOuterDisposeScope(), grid);
    }

    /// <summary>
    /// The last block's tokens to features (B, D): the class token, averaged over frames in the space-only scheme, and its norm (paper,
    /// equation 10).
    /// </summary>
    internal override Tensor Pool(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        var cls = x[.., 0];                                                        // (B, D) or, space-only, (B·T, D)
        if (config.Attention is AttentionScheme.SpaceOnly)
        {
            // Averaging commutes with taking the token, not with the norm: average first.
            cls = cls.reshape(grid.Batch, grid.Frames, config.EmbedDim).mean([1L]); // (B, D)
        }
        return norm.call(cls).MoveToOuterDisposeScope();
    }

    private static TransformerBlock CreateBlock(TimeSformerConfig config, double dropPath) => config.Attention switch
    {
        AttentionScheme.DividedSpaceTime => new DividedSpaceTimeBlock(config.Block, dropPath),
        AttentionScheme.JointSpaceTime or AttentionScheme.SpaceOnly => new FullAttentionBlock(config.Block, dropPath),
        AttentionScheme.SparseLocalGlobal => new SparseLocalGlobalBlock(config.Block, dropPath),
        AttentionScheme.Axial => new AxialBlock(config.Block, dropPath),
        var other => throw new ArgumentException($"unknown attention scheme {other}"),
    };

    // Truncated normal weights, zero biases; the layers that close an added attention start at zero, so that a block begins as an image
    // ViT's.
    private void Initialize()
    {
        using var _ = no_grad();
        if (pos_embed is not null) Init.trunc_normal_(pos_embed, std: config.EmbeddingStd ?? 0.02);
        if (time_embed is not null && config.EmbeddingStd is { } std) Init.trunc_normal_(time_embed, std: std);
        Init.trunc_normal_(cls_token, std: 0.02);
        Init.linears_(this, config.WeightStd);
        foreach (var linear in blocks.SelectMany(block => block.ZeroAtStart))
        {
            init.zeros_(linear.weight!);
            init.zeros_(linear.bias!);
        }
    }
}
