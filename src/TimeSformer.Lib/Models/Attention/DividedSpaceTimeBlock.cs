using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Attention;

/// <summary>
/// Divided space-time attention (paper, equations 7 to 9): each patch attends to the same place in all frames, then to all patches of
/// its own frame. T + N + 1 comparisons a patch instead of T·N + 1.
/// </summary>
public sealed class DividedSpaceTimeBlock : TransformerBlock
{
    private readonly LayerNorm temporal_norm1;
    private readonly SelfAttention temporal_attn;
    private readonly Linear temporal_fc;

    internal DividedSpaceTimeBlock(TimeSformerConfig config, double dropPath)
        : base(nameof(DividedSpaceTimeBlock), config, dropPath)
    {
        temporal_norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        temporal_attn = new SelfAttention(config);
        temporal_fc = Linear(config.EmbedDim, config.EmbedDim);
        RegisterComponents();
    }

    internal override IReadOnlyList<Linear> ZeroAtStart => [temporal_fc];

    /// <inheritdoc cref="TransformerBlock"/>
    public override Tensor forward(Tensor input1, TokenGrid input2)
    {
        using var scope = NewDisposeScope();
        var (batch, frames, patches, dim) = (input2.Batch, input2.Frames, input2.Patches, input1.shape[2]);
        var cls = input1[.., ..1];                                                                    // (B, 1, D)
        var x = input1[.., 1..];                                                                      // (B, N·T, D)

        // Time: the sequences are the places, their tokens the frames. The class token takes no part.
        var places = x.reshape(batch * patches, frames, dim);                                         // (B·N, T, D)
        var normed = temporal_norm1.call(places);
        if (Captured is not null) Capture(AttentionStep.Time, input2, temporal_attn, normed, TokenGroups.Time(input2, x.device)[0]);
        var temporal = drop_path.call(temporal_attn.call(normed));
        x = x.Plus(temporal_fc.call(temporal.view(batch, patches * frames, dim)));                    // (B, N·T, D)

        // Space: the sequences are the frames, each with a copy of the class token.
        var inFrames = x.view(batch, patches, frames, dim).transpose(1, 2);                           // (B, T, N, D)
        var copies = cls.unsqueeze(1).expand(batch, frames, 1, dim);                                  // (B, T, 1, D)
        var sequences = cat([copies, inFrames], 2).view(batch * frames, 1 + patches, dim);            // (B·T, 1 + N, D)
        normed = norm1.call(sequences);
        if (Captured is not null) Capture(AttentionStep.Space, input2, attn, normed, TokenGroups.Frame(input2, x.device)[0]);
        var spatial = drop_path.call(attn.call(normed)).view(batch, frames, 1 + patches, dim);

        // The copies' results are averaged over the frames.
        cls = cls.Plus(spatial[.., .., 0].sum([1L], keepdim: true).Over(frames));                     // (B, 1, D)
        x = x.Plus(spatial[.., .., 1..].transpose(1, 2).reshape(batch, patches * frames, dim));       // (B, N·T, D)
        return AddMlp(cat([cls, x], 1)).MoveToOuterDisposeScope();
    }
}
