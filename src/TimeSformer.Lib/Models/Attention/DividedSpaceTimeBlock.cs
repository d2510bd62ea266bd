using TimeSformer.Kernels;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Attention;

/// <summary>
/// Divided space-time attention (paper, section 3): each patch attends to the same place in all frames (equation 11), then to all patches
/// of its own frame (equation 6). That makes T + N + 1 comparisons per patch instead of T·N + 1 (the paper counts one more: in the official
/// code, as here, the class token takes no part in attention over time).
/// </summary>
public sealed class DividedSpaceTimeBlock : TransformerBlock
{
    private readonly LayerNorm temporal_norm1;
    private readonly SelfAttention temporal_attn;
    private readonly Linear temporal_fc;

    internal DividedSpaceTimeBlock(BlockConfig config, double dropPath)
        : base(nameof(DividedSpaceTimeBlock), config, dropPath)
    {
        temporal_norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        temporal_attn = new SelfAttention(config);
        temporal_fc = Linear(config.EmbedDim, config.EmbedDim);
        RegisterComponents();
    }

    internal override IReadOnlyList<Linear> ZeroAtStart => [temporal_fc];

    /// <inheritdoc cref="TransformerBlock"/>
    public override Tensor forward(Tensor x, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        if (HasKernels(x, grid.Frames))
        {
            x = AddAttention(x, SequenceLayout.Time(grid.Batch, grid.Patches, grid.Frames), temporal_norm1, temporal_attn, temporal_fc);
            x = AddAttention(x, SequenceLayout.Space(grid.Batch, grid.Patches, grid.Frames), norm1, attn);
            return AddMlp(x).MoveToOuterDisposeScope();
        }
        var (batch, frames, patches, dim) = (grid.Batch, grid.Frames, grid.Patches, x.shape[2]);
        // Parts are split off together: the gradient of a slice is written into zeros, that of a split is one concatenation.
        var tokens = x.split([1, patches * frames], 1);
        var cls = tokens[0];                                                                          // (B, 1, D)
        x = tokens[1];                                                                                // (B, N·T, D)

        // Time: the sequences are the places, their tokens the frames. The class token takes no part.
        var places = x.reshape(batch * patches, frames, dim);                                         // (B·N, T, D)
        var temporal = drop_path.call(temporal_attn.call(temporal_norm1.call(places)));               // (B·N, T, D)
        x = x.Plus(temporal_fc.call(temporal.view(batch, patches * frames, dim)));                    // (B, N·T, D)

        // Space: the sequences are the frames, each with a copy of the class token.
        var inFrames = x.view(batch, patches, frames, dim).transpose(1, 2);                           // (B, T, N, D)
        var copies = cls.unsqueeze(1).expand(batch, frames, 1, dim);                                  // (B, T, 1, D)
        var sequences = cat([copies, inFrames], 2).view(batch * frames, 1 + patches, dim);            // (B·T, 1 + N, D)
        var spatial = drop_path.call(attn.call(norm1.call(sequences)))
            .view(batch, frames, 1 + patches, dim).split([1, patches], 2);                            // (B, T, 1, D), (B, T, N, D)

        // The results of the copies are averaged over the frames.
        cls = cls.Plus(spatial[0].sum([1L]).Over(frames));                                            // (B, 1, D)
        x = x.view(batch, patches, frames, dim).Plus(spatial[1].transpose(1, 2)).flatten(1, 2);       // (B, N·T, D)
        return AddMlp(cat([cls, x], 1)).MoveToOuterDisposeScope();
    }
}
