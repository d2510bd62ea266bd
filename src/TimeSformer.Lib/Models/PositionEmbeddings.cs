using TimeSformer.Models.Attention;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// Fits learned embeddings to clips of another size than they were made for: by nearest neighbour, as the official model does, or smoothly.
/// </summary>
public static class PositionEmbeddings
{
    /// <summary>Space embeddings (1, 1 + N', D), N' a square, to (1, 1 + H·W, D); the class token's is kept.</summary>
    /// <param name="mode">Nearest; or Bicubic, with a low-pass filter where the grid shrinks, as timm does.</param>
    /// <exception cref="ArgumentException">N' is no square.</exception>
    public static Tensor Space(Tensor embeddings, TokenGrid grid, InterpolationMode mode = InterpolationMode.Nearest)
    {
        long patches = embeddings.shape[1] - 1, dim = embeddings.shape[2];
        if (patches == grid.Patches) return embeddings.alias();
        long side = (long)Math.Sqrt(patches);
        if (side * side != patches) throw new ArgumentException($"space embeddings of {patches} patches are no square grid, so they cannot be resized to {grid.Height}x{grid.Width}");
        using var scope = NewDisposeScope();
        bool smooth = mode is not InterpolationMode.Nearest;
        var square = embeddings[.., 1..].transpose(1, 2).reshape(1, dim, side, side);                                                                    // (1, D, S, S)
        var resized = functional.interpolate(square, [grid.Height, grid.Width], mode: mode, align_corners: smooth ? false : null, antialias: smooth);    // (1, D, H, W)
        return cat([embeddings[.., ..1], resized.flatten(2).transpose(1, 2)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Space embeddings (1, 1 + N', D) to (1, 1 + N, D) by nearest neighbour in the flattened sequence of places, as the official loader does.
    /// It shears the grid wherever the number of columns changes: for comparison with the official code.
    /// </summary>
    public static Tensor Sequence(Tensor embeddings, long patches)
    {
        using var scope = NewDisposeScope();
        var resized = functional.interpolate(embeddings[.., 1..].transpose(1, 2), [patches], mode: InterpolationMode.Nearest);                           // (1, D, N)
        return cat([embeddings[.., ..1], resized.transpose(1, 2)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Time embeddings (1, T', D) to (1, T, D).</summary>
    /// <param name="mode">Nearest; any other is linear, which is what it comes to in one dimension.</param>
    public static Tensor Time(Tensor embeddings, long frames, InterpolationMode mode = InterpolationMode.Nearest)
    {
        if (embeddings.shape[1] == frames) return embeddings.alias();
        using var scope = NewDisposeScope();
        bool smooth = mode is not InterpolationMode.Nearest;
        var resized = functional.interpolate(
            embeddings.transpose(1, 2), [frames], mode: smooth ? InterpolationMode.Linear : mode, align_corners: smooth ? false : null);                 // (1, D, T)
        return resized.transpose(1, 2).MoveToOuterDisposeScope();
    }
}
