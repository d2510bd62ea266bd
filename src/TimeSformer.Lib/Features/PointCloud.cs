using System.Numerics;
using static TorchSharp.torch;

namespace TimeSformer.Features;

/// <summary>Points in float32, stored by coordinate, so that the distances from one to all are computed by vectors.</summary>
internal sealed class PointCloud
{
    private readonly float[][] coordinates;

    /// <param name="rows">(N, F).</param>
    public PointCloud(Tensor rows)
    {
        using var scope = NewDisposeScope();
        Count = (int)rows.shape[0];
        coordinates =
        [
            .. Enumerable.Range(0, (int)rows.shape[1])
                .Select(k => rows[.., k].cpu().to_type(ScalarType.Float32).contiguous().data<float>().ToArray()),
        ];
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>The squared distances from a point to all points.</summary>
    /// <param name="from">The point, from 0.</param>
    /// <param name="to">N numbers, which are overwritten.</param>
    public void SquaredDistances(int from, Span<float> to)
    {
        to.Clear();
        int even = to.Length - (to.Length % Vector<float>.Count);
        foreach (var values in coordinates)
        {
            float own = values[from];
            var center = new Vector<float>(own);
            for (int k = 0; k < even; k += Vector<float>.Count)
            {
                var apart = new Vector<float>(values, k) - center;
                (new Vector<float>(to[k..]) + (apart * apart)).CopyTo(to[k..]);
            }
            for (int k = even; k < to.Length; k++) to[k] += (values[k] - own) * (values[k] - own);
        }
    }

    /// <summary>All other points, the nearest first; of equally near ones, in the order of their numbers.</summary>
    /// <param name="from">The point, from 0.</param>
    /// <param name="distances">N - 1 numbers, which become the squared distances.</param>
    public int[] Neighbors(int from, Span<float> distances)
    {
        var all = new float[Count];
        SquaredDistances(from, all);
        var order = Enumerable.Range(0, Count).Where(k => k != from).ToArray();
        // A distance is not negative: its bits are ordered as it is.
        long[] keys = [.. order.Select(k => ((long)BitConverter.SingleToInt32Bits(all[k]) << 32) | (uint)k)];
        Array.Sort(keys);
        for (int k = 0; k < keys.Length; k++)
        {
            order[k] = (int)keys[k];
            distances[k] = BitConverter.Int32BitsToSingle((int)(keys[k] >> 32));
        }
        return order;
    }
}
