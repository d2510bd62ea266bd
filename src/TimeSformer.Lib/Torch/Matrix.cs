using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Matrix products that throw exceptions. TorchSharp's <c>matmul</c> ends the process if the shapes do not fit.</summary>
public static class Matrix
{
    /// <summary>
    /// PyTorch's <c>matmul</c>: (..., n, k) times (..., k, m) is (..., n, m), with broadcasting of the batch dimensions. A vector (k) is a
    /// row on the left and a column on the right.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes, types or devices do not fit; the message shows both.</exception>
    public static Tensor matmul(Tensor left, Tensor right)
    {
        var (a, b) = (left.shape, right.shape);
        if (a.Length == 0 || b.Length == 0) throw Mismatch("a scalar is not a matrix; multiply with *");
        var (columns, rows) = (a[^1], b[^Math.Min(2, b.Length)]);
        if (columns != rows) throw Mismatch($"the first has rows of {columns} numbers, the second columns of {rows}; transpose one");
        foreach (var (x, y) in a.SkipLast(2).Reverse().Zip(b.SkipLast(2).Reverse()))
        {
            if (x != y && x != 1 && y != 1) throw Mismatch($"batch dimensions must be equal or 1, but {x} meets {y}");
        }
        if (left.dtype != right.dtype) throw Mismatch($"the first is {left.dtype}, the second {right.dtype}; convert one with to_type");
        var (from, to) = (left.device.ToString(), right.device.ToString());
        if (from != to) throw Mismatch($"the first is on {from}, the second on {to}; move one with to");
        return left.matmul(right);

        ArgumentException Mismatch(string cause) => new($"matmul of ({string.Join(", ", a)}) and ({string.Join(", ", b)}): {cause}");
    }
}
