using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// ViViT with joint space-time attention, model 1 of "ViViT: A Video Vision Transformer" (Arnab et al., ICCV 2021, arXiv 2103.15691): a ViT
/// on the tubelets of a clip.
/// </summary>
/// <remarks>
/// The names are timm's, <c>cls_token, pos_embed, patch_embed.proj, blocks.i.{norm1, attn.qkv, attn.proj, norm2, mlp.fc1, mlp.fc2}, norm,
/// head</c>; the embeddings (1, 1 + T'·N, D) are in the order of <see cref="TubeletEmbed"/>, as in the published weights.
/// </remarks>
public sealed class ViViT : TransformerModel
{
    private readonly ViViTConfig config;

    private readonly Parameter cls_token;
    private readonly Parameter pos_embed;
    private readonly TubeletEmbed patch_embed;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;
    private readonly Dropout drop;

    /// <summary>A model with random weights, drawn from the global generator.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public ViViT(ViViTConfig config)
        : this(config, initialize: true)
    {
    }

    internal ViViT(ViViTConfig config, bool initialize)
        : base(nameof(ViViT), config)
    {
        this.config = config;
        int dim = config.EmbedDim;
        cls_token = new Parameter(zeros(1, 1, dim));
        pos_embed = new Parameter(zeros(1, 1 + (config.NumMoments * config.NumPatches), dim));
        patch_embed = new TubeletEmbed(config, config.TubeletFrames);
        drop = Dropout(config.DropRate);
        blocks = FullAttention(config);
        norm = LayerNorm(dim, config.LayerNormEps);
        head = Linear(dim, config.NumClasses);
        RegisterComponents();
        if (!initialize) return;
        Init.trunc_normal_(pos_embed, config.EmbeddingStd);
        Init.trunc_normal_(cls_token, std: 0.02);
        Init.linears_(this, config.WeightStd);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TransformerBlock> Blocks => [.. blocks];

    internal override int Depth => config.Depth;

    /// <inheritdoc/>
    public override Tensor forward_head(Tensor x) => head.call(x);

    // An image's embeddings are repeated for each moment (paper, section 3.4), even where they happen to be as many. Those of clips of
    // unknown sizes differ from the model's either in time or in space.
    internal override Tensor? Fit(string weight, Tensor value, bool isImage, InterpolationMode mode)
    {
        if (weight is "patch_embed.proj.weight") return patch_embed.FromImage(value);
        bool differs = isImage || !value.shape.SequenceEqual(pos_embed.shape);
        if (weight is not "pos_embed" || !differs || value.shape is not [1, _, var width] || width != config.EmbedDim) return null;
        long places = value.shape[1] - 1;
        long moments = isImage ? 1 : places % config.NumPatches == 0 ? places / config.NumPatches : config.NumMoments;
        long side = (long)Math.Sqrt(places / Math.Max(1, moments));
        if (places == 0 || side * side * moments != places) return null;
        int grid = config.ImageSize / config.PatchSize;
        return PositionEmbeddings.SpaceTime(
            value.to_type(ScalarType.Float32), moments, new TokenGrid(1, config.NumMoments, grid, grid), before: 1, mode);
    }

    /// <summary>
    /// Clips (B, C, T, H, W) to tokens (B, 1 + T'·N, D); embeddings are resized, bicubically in space and linearly in time, for clips of
    /// another size.
    /// </summary>
    internal override (Tensor Tokens, TokenGrid Grid) Embed(Tensor x)
    {
        RequireClips(x, cls_token.dtype);
        RequireTubelets(x, config.TubeletFrames);
        RequirePatches(x, config.PatchSize);
        using var scope = NewDisposeScope();
        var grid = patch_embed.GridOf(x);
        x = cat([cls_token.expand(grid.Batch, 1, -1), patch_embed.call(x)], 1);        // (B, 1 + T'·N, D)
        x = drop.call(x.Plus(PositionEmbeddings.SpaceTime(pos_embed, config.NumMoments, grid, before: 1)));
        return (x.MoveToOuterDisposeScope(), grid);
    }

    /// <summary>The normalized class token (B, D).</summary>
    internal override Tensor Pool(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        return norm.call(x[.., 0]).MoveToOuterDisposeScope();
    }
}
