using TimeSformer.Kernels;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Models.Attention;

/// <summary>
/// An image ViT's block: each token attends to all tokens of its sequence. Over the tokens of a whole clip this is joint space-time
/// attention (paper, equation 5), over those of a single frame it is space attention (equation 6).
/// </summary>
public sealed class FullAttentionBlock : TransformerBlock
{
    internal FullAttentionBlock(BlockConfig config, double dropPath)
        : base(nameof(FullAttentionBlock), config, dropPath) => RegisterComponents();

    /// <inheritdoc cref="TransformerBlock"/>
    public override Tensor forward(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        x = HasKernels(x)
            ? AddAttention(x, SequenceLayout.Whole(x.shape[0], x.shape[1]), norm1, attn)
            : x.Plus(drop_path.call(attn.call(norm1.call(x))));
        return AddMlp(x).MoveToOuterDisposeScope();
    }
}
