using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Attention;

/// <summary>
/// Sparse local-global attention (paper, section 3, "L+G"): first over the neighboring F x H/2 x W/2 patches, then over the whole clip with
/// a stride of two patches in time, height and width.
/// </summary>
/// <remarks>
/// The paper leaves some details open, and the official code lacks the scheme. Here
/// - "neighboring" patches are those of the same quarter of the frame, in all frames: the authors say that they rearrange the tensor
///   (official repository, issue 4), which suggests a partition rather than a window that moves with the query;
/// - a query sees the lattice of stride two that it lies on, so that each patch belongs to one of eight lattices;
/// - the class token has a copy in each group and the results of the copies are averaged, as in divided attention's step over space;
/// - the local step is added to the image model's: the paper's 121.4 M parameters are those of divided attention, so it has a norm, an
///   attention and a linear layer that starts at zero. The global step has the image model's weights.
/// </remarks>
public sealed class SparseLocalGlobalBlock : TransformerBlock
{
    private readonly LayerNorm local_norm1;
    private readonly SelfAttention local_attn;
    private readonly Linear local_fc;

    internal SparseLocalGlobalBlock(BlockConfig config, double dropPath)
        : base(nameof(SparseLocalGlobalBlock), config, dropPath)
    {
        local_norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        local_attn = new SelfAttention(config);
        local_fc = Linear(config.EmbedDim, config.EmbedDim);
        RegisterComponents();
    }

    internal override IReadOnlyList<Linear> ZeroAtStart => [local_fc];

    /// <inheritdoc cref="TransformerBlock"/>
    public override Tensor forward(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        x = AddStep(x, grid, AttentionStep.Local, local_norm1, local_attn, local_fc);
        x = AddStep(x, grid, AttentionStep.Global, norm1, attn, fc: null);
        return AddMlp(x).MoveToOuterDisposeScope();
    }
}
