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
        long patches = embeddings.shape[1] - 1;
        if (patches == grid.Patches) return embeddings.alias();
        using var scope = NewDisposeScope();
        return cat([embeddings[.., ..1], Grid(embeddings[.., 1..], grid, mode)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Embeddings of all places of a clip (1, K + T'·N', D), N' a square number, to (1, K + T·H·W, D); those of the K tokens before them
    /// are kept.
    /// </summary>
    /// <param name="embeddings">(1, K + T'·N', D), frame by frame.</param>
    /// <param name="frames">T'.</param>
    /// <param name="grid">The layout of the clips' tokens.</param>
    /// <param name="before">K, 1 for a class token.</param>
    /// <param name="mode">In space as for <see cref="Space"/>, in time as for <see cref="Time"/>.</param>
    /// <exception cref="InputException">N' is not a square number.</exception>
    public static Tensor SpaceTime(
        Tensor embeddings, long frames, TokenGrid grid, int before = 0, InterpolationMode mode = InterpolationMode.Bicubic)
    {
        long dim = embeddings.shape[2];
        if (embeddings.shape[1] == before + (grid.Frames * grid.Patches) && frames == grid.Frames) return embeddings.alias();
        using var scope = NewDisposeScope();
        var places = Grid(embeddings[.., before..].reshape(frames, -1, dim), grid, mode);             // (T', N, D)
        var resized = Time(places.transpose(0, 1), grid.Frames, mode).transpose(0, 1);                // (T, N, D)
        return cat([embeddings[.., ..before], resized.reshape(1, -1, dim)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Fixed embeddings (1, L, D) of numbered places: sines and cosines of the number at D/2 wavelengths, from 2π to 10,000 · 2π (Vaswani
    /// et al. 2017, section 3.5), float32.
    /// </summary>
    public static Tensor Sinusoids(int places, int dim)
    {
        var rates = Array.ConvertAll([.. Enumerable.Range(0, dim)], i => Math.Pow(10_000, -2.0 * (i / 2) / dim));
        var table = new float[places * dim];
        for (int place = 0; place < places; place++)
        {
            for (int i = 0; i < dim; i++)
            {
                double angle = place * rates[i];
                table[(place * dim) + i] = (float)(i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
        return tensor(table, 1, places, dim);
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
    /// <param name="embeddings">(1, T', D), or more than one such sequence.</param>
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

    // Square grids (S, N', D) to (S, H·W, D).
    private static Tensor Grid(Tensor embeddings, TokenGrid grid, InterpolationMode mode)
    {
        long patches = embeddings.shape[1], side = (long)Math.Sqrt(patches);
        if (side * side != patches)
        {
            throw new InputException(
                $"space embeddings of {patches} patches are not a square grid, so they cannot be resized to {grid.Height}x{grid.Width}");
        }
        if (patches == grid.Patches) return embeddings.alias();
        using var scope = NewDisposeScope();
        bool smooth = mode is not InterpolationMode.Nearest;
        bool? corners = smooth ? false : null;
        var square = embeddings.transpose(1, 2).unflatten(2, side, side);                             // (S, D, H', W')
        var resized = functional.interpolate(
            square, [grid.Height, grid.Width], mode: mode, align_corners: corners, antialias: smooth); // (S, D, H, W)
        return resized.flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
