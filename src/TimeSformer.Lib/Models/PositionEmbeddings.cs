using TimeSformer.Models.Attention;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>Fits learned embeddings to clips of another size than they were made for, by nearest neighbour as the official code does.</summary>
public static class PositionEmbeddings
{
    /// <summary>Space embeddings (1, 1 + N', D), N' a square, to (1, 1 + H·W, D); the class token's is kept.</summary>
    public static Tensor Space(Tensor embeddings, TokenGrid grid, InterpolationMode mode = InterpolationMode.Nearest)
    {
        long patches = embeddings.shape[1] - 1, dim = embeddings.shape[2];
        if (patches == grid.Patches) return embeddings.alias();
        using var scope = NewDisposeScope();
        long side = (long)Math.Sqrt(patches);
        if (side * side != patches) throw new ArgumentException($"space embeddings of {patches} patches are no square grid, so they cannot be resized to {grid.Height}x{grid.Width}");
        var square = embeddings[.., 1..].transpose(1, 2).reshape(1, dim, side, side);                            // (1, D, S, S)
        var resized = functional.interpolate(square, [grid.Height, grid.Width], mode: mode); // (1, D, H, W)
        return cat([embeddings[.., ..1], resized.flatten(2).transpose(1, 2)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Time embeddings (1, T', D) to (1, T, D).</summary>
    public static Tensor Time(Tensor embeddings, long frames, InterpolationMode mode = InterpolationMode.Nearest)
    {
        if (embeddings.shape[1] == frames) return embeddings.alias();
        using var scope = NewDisposeScope();
        var resized = functional.interpolate(embeddings.transpose(1, 2), [frames], mode: mode); // (1, D, T)
        return resized.transpose(1, 2).MoveToOuterDisposeScope();
    }
}
