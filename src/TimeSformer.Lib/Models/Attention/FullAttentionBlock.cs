using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Models.Attention;

/// <summary>
/// An image ViT's block: each token attends to all tokens of its sequence. Over the tokens of a whole clip it is joint space-time
/// attention (paper, equation 4); over those of a single frame it is space attention.
/// </summary>
public sealed class FullAttentionBlock : TransformerBlock
{
    private readonly AttentionStep step;

    internal FullAttentionBlock(TimeSformerConfig config, double dropPath)
        : base(nameof(FullAttentionBlock), config, dropPath)
    {
        step = AttentionStep.Of(config.Attention)[0];
        RegisterComponents();
    }

    /// <inheritdoc cref="TransformerBlock"/>
    public override Tensor forward(Tensor input1, TokenGrid input2)
    {
        using var scope = NewDisposeScope();
        var normed = norm1.call(input1);
        if (Captured is not null) Capture(step, input2, attn, normed, step.Groups(input2, input1.device)[0]);
        var x = input1.Plus(drop_path.call(attn.call(normed)));
        return AddMlp(x).MoveToOuterDisposeScope();
    }
}
