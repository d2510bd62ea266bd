using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>
/// Attention rollout (Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020), by which the paper draws what a model looked at:
/// the attention of all blocks multiplied up, half of each step being the residual connection.
/// </summary>
public static class AttentionRollout
{
    /// <summary>How much each patch of each frame went into the class token.</summary>
    /// <param name="maps">All steps of all blocks, from <see cref="Models.TimeSformerModel.forward_with_attention"/>.</param>
    /// <returns>(B, T, H, W) in patches; the shares of a clip sum to 1.</returns>
    /// <exception cref="ArgumentException">There are no maps.</exception>
    public static Tensor ToClassToken(IReadOnlyList<AttentionMap> maps)
    {
        if (maps is not [var first, ..]) throw new ArgumentException("a rollout needs the attention maps of a model's blocks, this list is empty");
        using var scope = NewDisposeScope();
        var grid = first.Grid;
        long length = 1 + (grid.Patches * grid.Frames);
        var share = zeros(new[] { grid.Batch, 1, length }, first.Groups[0].Weights.dtype, first.Groups[0].Weights.device);
        share[.., .., 0] = ones(1, share.dtype, share.device);
        // From the last step to the first: whose tokens the class token is made of. A token that takes no part in a step passes it as it is.
        foreach (var map in maps.Reverse())
        {
            using var step = NewDisposeScope();
            var attention = map.Dense().mean([1L]);                                    // (B, S, S)
            var residual = attention.sum([-1L]).Times(-0.5).Plus(1);                             // (B, S): 1/2, or 1
            share = Matrix.matmul(share, attention).Over(2).Plus(share * residual.unsqueeze(1)).MoveToOuterDisposeScope(); // (B, 1, S)
        }
        var patches = share[.., 0, 1..];
        return (patches / patches.sum([-1L], keepdim: true)).view(grid.Batch, grid.Height, grid.Width, grid.Frames).permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
    }
}
