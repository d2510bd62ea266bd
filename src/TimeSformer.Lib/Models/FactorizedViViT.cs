using System.Globalization;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// ViViT with a factorized encoder, model 2 of "ViViT: A Video Vision Transformer" (Arnab et al., ICCV 2021, arXiv 2103.15691): a ViT on
/// the tubelets of each moment, and a second one on the moments' class tokens.
/// </summary>
/// <remarks>
/// The encoder in space, which alone drops paths, has an image ViT's names, that in time
/// <c>temporal_cls_token, time_embed, temporal_blocks.i, temporal_norm</c>. No weights in PyTorch's layout are published.
/// </remarks>
public sealed class FactorizedViViT : TransformerModel
{
    private readonly ViViTConfig config;

    private readonly Parameter cls_token;
    private readonly Parameter pos_embed;
    private readonly TubeletEmbed patch_embed;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Parameter temporal_cls_token;
    private readonly Parameter time_embed;
    private readonly ModuleList<TransformerBlock> temporal_blocks;
    private readonly LayerNorm temporal_norm;
    private readonly Linear head;
    private readonly Dropout drop;

    /// <summary>A model with random weights, drawn from the global generator.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public FactorizedViViT(ViViTConfig config)
        : this(config, initialize: true)
    {
    }

    internal FactorizedViViT(ViViTConfig config, bool initialize)
        : base(nameof(FactorizedViViT), config)
    {
        this.config = config;
        int dim = config.EmbedDim;
        cls_token = new Parameter(zeros(1, 1, dim));
        pos_embed = new Parameter(zeros(1, 1 + config.NumPatches, dim));
        patch_embed = new TubeletEmbed(config, config.TubeletFrames);
        drop = Dropout(config.DropRate);
        blocks = FullAttention(config);
        norm = LayerNorm(dim, config.LayerNormEps);
        temporal_cls_token = new Parameter(zeros(1, 1, dim));
        time_embed = new Parameter(zeros(1, config.NumMoments, dim));
        temporal_blocks = [.. Enumerable.Range(0, config.TemporalDepth).Select(_ => new FullAttentionBlock(config.Block, dropPath: 0))];
        temporal_norm = LayerNorm(dim, config.LayerNormEps);
        head = Linear(dim, config.NumClasses);
        RegisterComponents();
        if (!initialize) return;
        Init.trunc_normal_(pos_embed, config.EmbeddingStd);
        Init.trunc_normal_(time_embed, config.EmbeddingStd);
        Init.trunc_normal_(cls_token, std: 0.02);
        Init.trunc_normal_(temporal_cls_token, std: 0.02);
        Init.linears_(this, config.WeightStd);
    }

    /// <summary>The blocks of the encoder in space.</summary>
    public override IReadOnlyList<TransformerBlock> Blocks => [.. blocks];

    /// <summary>The blocks of the encoder in time.</summary>
    public IReadOnlyList<TransformerBlock> TemporalBlocks => [.. temporal_blocks];

    internal override int Depth => config.Depth + config.TemporalDepth;

    /// <inheritdoc/>
    public override Tensor forward_head(Tensor x) => head.call(x);

    // The encoder in time is above that in space; its input learns as its first block does.
    internal override int LayerOf(string parameter) => parameter.Split('.') switch
    {
        ["temporal_blocks", var block, ..] => config.Depth + int.Parse(block, CultureInfo.InvariantCulture) + 1,
        ["temporal_cls_token" or "time_embed" or "norm", ..] => config.Depth + 1,
        ["temporal_norm", ..] => Depth + 1,
        _ => base.LayerOf(parameter),
    };

    internal override Tensor? Fit(string weight, Tensor value, bool isImage, InterpolationMode mode) =>
        weight is "patch_embed.proj.weight" ? patch_embed.FromImage(value) : null;

    // An image model has no encoder in time.
    internal override bool IsOptional(string weight) =>
        weight.StartsWith("temporal_", StringComparison.Ordinal) || base.IsOptional(weight);

    /// <summary>
    /// Clips (B, C, T, H, W) to a sequence for each moment (B·T', 1 + N, D); embeddings are resized bicubically for frames of another size.
    /// </summary>
    internal override (Tensor Tokens, TokenGrid Grid) Embed(Tensor x)
    {
        RequireClips(x, cls_token.dtype);
        RequireTubelets(x, config.TubeletFrames);
        RequirePatches(x, config.PatchSize);
        using var scope = NewDisposeScope();
        var grid = patch_embed.GridOf(x);
        x = patch_embed.call(x).reshape(-1, grid.Patches, config.EmbedDim);            // (B·T', N, D)
        x = cat([cls_token.expand(x.shape[0], 1, -1), x], 1);                          // (B·T', 1 + N, D)
        x = drop.call(x.Plus(PositionEmbeddings.Space(pos_embed, grid, InterpolationMode.Bicubic)));
        return (x.MoveToOuterDisposeScope(), grid);
    }

    /// <summary>The encoder in time: the moments' normalized class tokens to its own, normalized (B, D).</summary>
    internal override Tensor Pool(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        x = norm.call(x[.., 0]).unflatten(0, grid.Batch, grid.Frames);                 // (B, T', D)
        x = x.Plus(PositionEmbeddings.Time(time_embed, grid.Frames, InterpolationMode.Linear));
        x = drop.call(cat([temporal_cls_token.expand(grid.Batch, 1, -1), x], 1));      // (B, 1 + T', D)
        x = Run(temporal_blocks, x, grid);
        return temporal_norm.call(x[.., 0]).MoveToOuterDisposeScope();
    }
}
