using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Models.Attention;

/// <summary>
/// Partitions of a clip's patches; in one step of attention a patch sees the patches of its own group. A partition is a list of matrices
/// (groups, length), one for each length that occurs, of places in the official token order: patch (t, h, w) stands at (h·W + w)·T + t.
/// </summary>
public static class TokenGroups
{
    /// <summary>All patches of the clip: (1, N·T).</summary>
    public static IReadOnlyList<Tensor> Clip(TokenGrid grid, Device device) =>
        Single(grid, device, places => places.reshape(1, -1));

    /// <summary>The same place in all frames: (N, T).</summary>
    public static IReadOnlyList<Tensor> Time(TokenGrid grid, Device device) =>
        Single(grid, device, places => places.flatten(0, 1));

    /// <summary>All places of a frame: (T, N).</summary>
    public static IReadOnlyList<Tensor> Frame(TokenGrid grid, Device device) =>
        Single(grid, device, places => places.permute(2, 0, 1).flatten(1));

    /// <summary>A row of a frame, which extends over its width: (T·H, W).</summary>
    public static IReadOnlyList<Tensor> Width(TokenGrid grid, Device device) =>
        Single(grid, device, places => places.permute(2, 0, 1).flatten(0, 1));

    /// <summary>A column of a frame, which extends over its height: (T·W, H).</summary>
    public static IReadOnlyList<Tensor> Height(TokenGrid grid, Device device) =>
        Single(grid, device, places => places.permute(2, 1, 0).flatten(0, 1));

    /// <summary>
    /// Quarters of the frame's area over all frames, F x H/2 x W/2 patches each: (4, N·T/4); of an odd side the first half is the larger.
    /// </summary>
    public static IReadOnlyList<Tensor> Quarter(TokenGrid grid, Device device) => ByLength(grid, device, places =>
        from rows in Halves(places, 0)
        from window in Halves(rows, 1)
        select window);

    /// <summary>Every second patch in time, height and width: eight interleaved lattices, (8, N·T/8).</summary>
    public static IReadOnlyList<Tensor> EverySecond(TokenGrid grid, Device device) => ByLength(grid, device, places =>
        from rows in Alternate(places, 0)
        from columns in Alternate(rows, 1)
        from lattice in Alternate(columns, 2)
        select lattice);

    // The patches' places in the token order as (H, W, T).
    private static Tensor Places(TokenGrid grid, Device device)
    {
        using Scalar start = 0, stop = grid.Patches * grid.Frames, step = 1;
        return arange(start, stop, step, ScalarType.Int64, device).view(grid.Height, grid.Width, grid.Frames);
    }

    private static Tensor[] Single(TokenGrid grid, Device device, Func<Tensor, Tensor> arrange)
    {
        using var scope = NewDisposeScope();
        return [arrange(Places(grid, device)).MoveToOuterDisposeScope()];
    }

    private static Tensor[] ByLength(TokenGrid grid, Device device, Func<Tensor, IEnumerable<Tensor>> split)
    {
        using var scope = NewDisposeScope();
        return
        [
            .. from part in split(Places(grid, device)).ToList()
               where part.numel() > 0
               group part.flatten() by part.numel() into sameLength
               select stack(sameLength.ToArray()).MoveToOuterDisposeScope(),
        ];
    }

    private static Tensor[] Halves(Tensor x, int axis)
    {
        long first = (x.shape[axis] + 1) / 2;
        return [x.narrow(axis, 0, first), x.narrow(axis, first, x.shape[axis] - first)];
    }

    private static Tensor[] Alternate(Tensor x, int axis)
    {
        long length = x.shape[axis];
        return [x.slice(axis, 0, length, 2), x.slice(axis, Math.Min(1, length), length, 2)];
    }
}
