using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// An image ViT, "An Image is Worth 16x16 Words" (Dosovitskiy et al., ICLR 2021, arXiv 2010.11929), on each frame by itself; the frames'
/// class scores are averaged. It is what a video model must surpass.
/// </summary>
/// <remarks>
/// The names are timm's, so that an image model's weights are loaded as they are:
/// <c>cls_token, pos_embed, patch_embed.proj, blocks.i.{norm1, attn.qkv, attn.proj, norm2, mlp.fc1, mlp.fc2}, norm, head</c>.
/// </remarks>
public sealed class VisionTransformer : TransformerModel
{
    private readonly VisionTransformerConfig config;

    private readonly Parameter cls_token;
    private readonly Parameter pos_embed;
    private readonly PatchEmbed patch_embed;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;
    private readonly Dropout drop;

    /// <summary>A model with random weights, drawn from the global generator (timm's initialization).</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public VisionTransformer(VisionTransformerConfig config)
        : this(config, initialize: true)
    {
    }

    internal VisionTransformer(VisionTransformerConfig config, bool initialize)
        : base(nameof(VisionTransformer), config)
    {
        this.config = config;
        cls_token = new Parameter(zeros(1, 1, config.EmbedDim));
        pos_embed = new Parameter(zeros(1, config.NumPatches + 1, config.EmbedDim));
        patch_embed = new PatchEmbed(config);
        drop = Dropout(config.DropRate);
        blocks = FullAttention(config);
        norm = LayerNorm(config.EmbedDim, config.LayerNormEps);
        head = Linear(config.EmbedDim, config.NumClasses);
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

    /// <summary>Frames (B, C, T, H, W) to tokens (B·T, 1 + N, D); embeddings are resized bicubically for frames of another size.</summary>
    internal override (Tensor Tokens, TokenGrid Grid) Embed(Tensor x)
    {
        RequireClips(x, cls_token.dtype);
        RequirePatches(x, config.PatchSize);
        using var scope = NewDisposeScope();
        var grid = new TokenGrid(x.shape[0], x.shape[2], x.shape[3] / config.PatchSize, x.shape[4] / config.PatchSize);
        x = patch_embed.call(x).flatten(0, 1);                                         // (B·T, N, D)
        x = cat([cls_token.expand(x.shape[0], 1, -1), x], 1);                          // (B·T, 1 + N, D)
        x = drop.call(x.Plus(PositionEmbeddings.Space(pos_embed, grid, InterpolationMode.Bicubic)));
        return (x.MoveToOuterDisposeScope(), grid);
    }

    /// <summary>The mean of the frames' normalized class tokens (B, D); the head is linear, so its scores are the mean of theirs.</summary>
    internal override Tensor Pool(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        return norm.call(x[.., 0]).unflatten(0, grid.Batch, grid.Frames).mean([1L]).MoveToOuterDisposeScope();
    }
}
