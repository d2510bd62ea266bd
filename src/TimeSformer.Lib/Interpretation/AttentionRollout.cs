using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>
/// Attention rollout (Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020), by which the paper draws what a model looks
/// at: the product of the attention of all blocks, where the residual connection is half of each step.
/// </summary>
public static class AttentionRollout
{
    /// <summary>How much each patch of each frame contributes to the class token.</summary>
    /// <param name="maps">All steps of all blocks, from <see cref="AttentionRecorder.Record"/>.</param>
    /// <returns>(B, T, H, W) in patches; the fractions of a clip sum to 1.</returns>
    /// <exception cref="ArgumentException">The list of maps is empty.</exception>
    public static Tensor ToClassToken(IReadOnlyList<AttentionMap> maps)
    {
        if (maps is not [var first, ..])
        {
            throw new ArgumentException("a rollout needs the attention maps of a model's blocks, this list is empty");
        }
        using var scope = NewDisposeScope();
        var grid = first.Grid;
        long length = 1 + (grid.Patches * grid.Frames);
        var share = zeros(new[] { grid.Batch, 1, length }, first.Groups[0].Weights.dtype, first.Groups[0].Weights.device);
        share[.., .., 0] = ones(1, share.dtype, share.device);
        // From the last step to the first: what the class token is made of. A token that takes no part in a step passes through it
        // unchanged.
        foreach (var map in maps.Reverse())
        {
            using var step = NewDisposeScope();
            var attention = map.Dense().mean([1L]);                                                   // (B, S, S)
            var residual = attention.sum([-1L]).Times(-0.5).Plus(1);                                  // (B, S): 1/2, or 1
            var attended = Matrix.matmul(share, attention).Over(2);                                   // (B, 1, S)
            share = attended.Plus(share * residual.unsqueeze(1)).MoveToOuterDisposeScope();
        }
        var patches = share[.., 0, 1..];                                                              // (B, N·T)
        return (patches / patches.sum([-1L], keepdim: true)).view(grid.Batch, grid.Height, grid.Width, grid.Frames)
            .permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
    }
}
