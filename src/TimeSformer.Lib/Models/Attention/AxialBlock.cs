using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Attention;

/// <summary>Axial attention (paper, section 3, "T+W+H"): over time, then over the frame's width, then over its height.</summary>
/// <remarks>
/// The paper leaves some details open, and the official code lacks the scheme. Here
/// - the class token takes no part in the step over time, as in divided attention; in the steps over space each row or column has a copy,
///   and the results of the copies are averaged;
/// - the steps over time and width are added to the image model's: the paper's 156.8 M parameters are two added steps of the size of
///   divided attention's temporal one, each with a norm, an attention and a linear layer that starts at zero. The step over height has the
///   image model's weights.
/// </remarks>
public sealed class AxialBlock : TransformerBlock
{
    private readonly LayerNorm temporal_norm1;
    private readonly SelfAttention temporal_attn;
    private readonly Linear temporal_fc;
    private readonly LayerNorm width_norm1;
    private readonly SelfAttention width_attn;
    private readonly Linear width_fc;

    internal AxialBlock(BlockConfig config, double dropPath)
        : base(nameof(AxialBlock), config, dropPath)
    {
        temporal_norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        temporal_attn = new SelfAttention(config);
        temporal_fc = Linear(config.EmbedDim, config.EmbedDim);
        width_norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        width_attn = new SelfAttention(config);
        width_fc = Linear(config.EmbedDim, config.EmbedDim);
        RegisterComponents();
    }

    internal override IReadOnlyList<Linear> ZeroAtStart => [temporal_fc, width_fc];

    /// <inheritdoc cref="TransformerBlock"/>
    public override Tensor forward(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        x = AddStep(x, grid, AttentionStep.Time, temporal_norm1, temporal_attn, temporal_fc);
        x = AddStep(x, grid, AttentionStep.Width, width_norm1, width_attn, width_fc);
        x = AddStep(x, grid, AttentionStep.Height, norm1, attn, fc: null);
        return AddMlp(x).MoveToOuterDisposeScope();
    }
}
