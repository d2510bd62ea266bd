using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// The classifier of "VideoMAE: Masked Autoencoders are Data-Efficient Learners for Self-Supervised Video Pre-Training" (Tong et al.,
/// NeurIPS 2022, arXiv 2203.12602): a ViT on tubelets with fixed embeddings and no class token. It starts from
/// <see cref="VideoMaePretraining"/>.
/// </summary>
/// <remarks>
/// The names are the official ones, <c>patch_embed.proj, blocks.i.{norm1, attn.qkv, attn.proj, norm2, mlp.fc1, mlp.fc2}, fc_norm or norm,
/// head</c>, except that <c>attn.qkv.bias</c> stands for <c>attn.q_bias</c> and <c>attn.v_bias</c>. The keys' bias between them, which the
/// official model lacks, starts at zero; it adds the same to all scores of a query, so that nothing depends on it.
/// </remarks>
public sealed class VideoMae : TransformerModel
{
    private readonly VideoMaeConfig config;

    private readonly TubeletEmbed patch_embed;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm? norm;
    private readonly LayerNorm? fc_norm;
    private readonly Linear head;
    private readonly Dropout drop;
    private readonly FixedPositions positions;

    /// <summary>A model with random weights, drawn from the global generator.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public VideoMae(VideoMaeConfig config)
        : this(config, initialize: true)
    {
    }

    internal VideoMae(VideoMaeConfig config, bool initialize)
        : base(nameof(VideoMae), config)
    {
        this.config = config;
        int dim = config.EmbedDim;
        patch_embed = new TubeletEmbed(config, config.TubeletFrames);
        positions = new FixedPositions(config);
        drop = Dropout(config.DropRate);
        blocks = FullAttention(config);
        norm = config.MeanPooling ? null : LayerNorm(dim, config.LayerNormEps);
        fc_norm = config.MeanPooling ? LayerNorm(dim, config.LastNormEps ?? config.LayerNormEps) : null;
        head = Linear(dim, config.NumClasses);
        RegisterComponents();
        if (initialize) Init.linears_(this, config.WeightStd);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TransformerBlock> Blocks => [.. blocks];

    internal override int Depth => config.Depth;

    /// <inheritdoc/>
    public override Tensor forward_head(Tensor x) => head.call(x);

    internal override Tensor? Fit(string weight, Tensor value, bool isImage, InterpolationMode mode) =>
        weight is "patch_embed.proj.weight" ? patch_embed.FromImage(value) : null;

    /// <summary>Clips (B, C, T, H, W) to tokens (B, T'·N, D).</summary>
    internal override (Tensor Tokens, TokenGrid Grid) Embed(Tensor x)
    {
        RequireClips(x, head.weight!.dtype);
        RequireTubelets(x, config.TubeletFrames);
        RequirePatches(x, config.PatchSize);
        using var scope = NewDisposeScope();
        var grid = patch_embed.GridOf(x);
        x = patch_embed.call(x);
        x = drop.call(x.Plus(positions.call(grid, head.weight!.dtype)));
        return (x.MoveToOuterDisposeScope(), grid);
    }

    /// <summary>The normalized mean of the tokens, or the normalized first token (B, D).</summary>
    internal override Tensor Pool(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        return (fc_norm?.call(x.mean([1L])) ?? norm!.call(x[.., 0])).MoveToOuterDisposeScope();
    }
}

/// <summary>VideoMAE's embeddings of tubelets: sines and cosines of their numbers, not learned and in no file.</summary>
internal sealed class FixedPositions : Module<TokenGrid, ScalarType, Tensor>
{
    private readonly int moments;

    /// <param name="config">Sizes, with the width of the tokens.</param>
    public FixedPositions(VideoMaeConfig config)
        : base(nameof(FixedPositions))
    {
        moments = config.NumMoments;
        var table = PositionEmbeddings.Sinusoids(moments * config.NumPatches, config.EmbedDim);
        register_buffer(nameof(table), table, persistent: false);
    }

    /// <summary>Those of clips (1, T'·N, D), in a type: a model's types do not reach them. Resized for clips of another size.</summary>
    public override Tensor forward(TokenGrid grid, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return PositionEmbeddings.SpaceTime(get_buffer("table")!, moments, grid).to_type(type).MoveToOuterDisposeScope();
    }
}
