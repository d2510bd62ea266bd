using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Attention;

/// <summary>
/// Sparse local-global attention (paper, section 3, "L+G"): first over the neighbouring F x H/2 x W/2 patches, then over the whole clip with a
/// stride of two patches in time, height and width.
/// </summary>
/// <remarks>
/// The paper leaves open, and the official code does not have the scheme:
/// - which patches are "neighbouring": here the frame is cut into four quarters and a patch sees its own, through all frames. The authors said
///   that they rearranged the tensor (official repository, issue 4), which fits a partition and not a window that moves with the query;
/// - what a stride means for a query off the lattice: here it sees the lattice that it lies on itself, so that each patch is in one of eight;
/// - the class token: it has a copy in each group, the copies' results are averaged, as in divided attention's step over space;
/// - weights: the paper's 121.4 M parameters are those of divided attention, so the added step has a norm, an attention and a linear layer too, and that
///   layer starts at zero. The added step is the local one; the global one has the image model's weights.
/// </remarks>
public sealed class SparseLocalGlobalBlock : TransformerBlock
{
    private readonly LayerNorm local_norm1;
    private readonly SelfAttention local_attn;
    private readonly Linear local_fc;

    internal SparseLocalGlobalBlock(TimeSformerConfig config, double dropPath)
        : base(nameof(SparseLocalGlobalBlock), config, dropPath)
    {
        local_norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        local_attn = new SelfAttention(config);
        local_fc = Linear(config.EmbedDim, config.EmbedDim);
        RegisterComponents();
    }

    internal override IReadOnlyList<Linear> ZeroAtStart => [local_fc];

    /// <inheritdoc cref="TransformerBlock"/>
    public override Tensor forward(Tensor input1, TokenGrid input2)
    {
        using var scope = NewDisposeScope();
        var x = AddStep(input1, input2, AttentionStep.Local, local_norm1, local_attn, local_fc);
        x = AddStep(x, input2, AttentionStep.Global, norm1, attn, fc: null);
        return AddMlp(x).MoveToOuterDisposeScope();
    }
}
