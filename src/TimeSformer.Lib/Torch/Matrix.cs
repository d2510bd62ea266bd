using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// Products of matrices whose mistakes are exceptions: in TorchSharp's own <c>matmul</c>, shapes that do not fit end the process.
/// </summary>
public static class Matrix
{
    /// <summary>
    /// PyTorch's <c>matmul</c>: (..., n, k) by (..., k, m) to (..., n, m), the dimensions before them broadcast; a vector (k) counts as a
    /// row on the left, as a column on the right.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes, types or devices do not fit; the message shows both.</exception>
    public static Tensor matmul(Tensor left, Tensor right)
    {
        var (a, b) = (left.shape, right.shape);
        if (a.Length == 0 || b.Length == 0) throw Misfit("a single number is no matrix; multiply with *");
        var (columns, rows) = (a[^1], b[^Math.Min(2, b.Length)]);
        if (columns != rows)
        {
            throw Misfit(
                $"the rows of the first have {columns} numbers, the columns of the second {rows}; is a transpose(-2, -1) missing?");
        }
        foreach (var (x, y) in a.SkipLast(2).Reverse().Zip(b.SkipLast(2).Reverse()))
        {
            if (x != y && x != 1 && y != 1) throw Misfit($"the dimensions before the last two must be equal or 1, here {x} meets {y}");
        }
        if (left.dtype != right.dtype) throw Misfit($"the first is {left.dtype}, the second {right.dtype}; convert one with to_type");
        if (left.device.ToString() != right.device.ToString()) throw Misfit($"the first is on {left.device}, the second on {right.device}");
        return left.matmul(right);

        ArgumentException Misfit(string why) => new($"matmul of ({string.Join(", ", a)}) and ({string.Join(", ", b)}): {why}");
    }
}
