using TimeSformer.Models.Attention;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// Resizes learned embeddings for clips of another size than they were made for: by nearest neighbor, as the official model does, or
/// smoothly.
/// </summary>
public static class PositionEmbeddings
{
    /// <summary>Space embeddings (1, 1 + N', D), N' a square number, to (1, 1 + H·W, D); the class token's is kept.</summary>
    /// <param name="embeddings">(1, 1 + N', D).</param>
    /// <param name="grid">The layout of the clips' tokens.</param>
    /// <param name="mode">Nearest; or Bicubic, with a low-pass filter if the grid shrinks, as in timm.</param>
    /// <exception cref="InputException">N' is not a square number.</exception>
    public static Tensor Space(Tensor embeddings, TokenGrid grid, InterpolationMode mode = InterpolationMode.Nearest)
    {
        long patches = embeddings.shape[1] - 1, dim = embeddings.shape[2];
        if (patches == grid.Patches) return embeddings.alias();
        long side = (long)Math.Sqrt(patches);
        if (side * side != patches)
        {
            throw new InputException(
                $"space embeddings of {patches} patches are not a square grid, so they cannot be resized to {grid.Height}x{grid.Width}");
        }
        using var scope = NewDisposeScope();
        bool smooth = mode is not InterpolationMode.Nearest;
        bool? corners = smooth ? false : null;
        var square = embeddings[.., 1..].transpose(1, 2).reshape(1, dim, side, side);                 // (1, D, S, S)
        var resized = functional.interpolate(
            square, [grid.Height, grid.Width], mode: mode, align_corners: corners, antialias: smooth); // (1, D, H, W)
        return cat([embeddings[.., ..1], resized.flatten(2).transpose(1, 2)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Space embeddings (1, 1 + N', D) to (1, 1 + N, D) by nearest neighbor in the flattened sequence of places, as the official loader
    /// does. That shears the grid if the number of columns changes: for comparison with the official code.
    /// </summary>
    public static Tensor Sequence(Tensor embeddings, long patches)
    {
        using var scope = NewDisposeScope();
        var sequence = embeddings[.., 1..].transpose(1, 2);                                           // (1, D, N')
        var resized = functional.interpolate(sequence, [patches], mode: InterpolationMode.Nearest);   // (1, D, N)
        return cat([embeddings[.., ..1], resized.transpose(1, 2)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Time embeddings (1, T', D) to (1, T, D).</summary>
    /// <param name="embeddings">(1, T', D).</param>
    /// <param name="frames">T.</param>
    /// <param name="mode">Nearest; any other is linear, its counterpart in one dimension.</param>
    public static Tensor Time(Tensor embeddings, long frames, InterpolationMode mode = InterpolationMode.Nearest)
    {
        if (embeddings.shape[1] == frames) return embeddings.alias();
        using var scope = NewDisposeScope();
        var sequence = embeddings.transpose(1, 2);                                                    // (1, D, T')
        var resized = mode is InterpolationMode.Nearest                                               // (1, D, T)
            ? functional.interpolate(sequence, [frames], mode: mode)
            : functional.interpolate(sequence, [frames], mode: InterpolationMode.Linear, align_corners: false);
        return resized.transpose(1, 2).MoveToOuterDisposeScope();
    }
}
