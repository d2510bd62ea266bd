using static TimeSformer.Kernels.KernelFunctions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Kernels;

/// <summary>A linear layer's three products, by our own routine or libtorch's, whichever is faster (<see cref="GemmChoice"/>).</summary>
internal static unsafe class MatrixProducts<V, O, S>
    where V : unmanaged
    where O : struct, ISimd<V>
    where S : struct, IStorage
{
    private static bool IsOurs => GemmChoice.IsOurs && S.Type is ScalarType.Float32;

    /// <summary>x·Wᵀ + bias: (R, I) to (R, O).</summary>
    /// <param name="weight">W, (O, I).</param>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        if (!IsOurs) return functional.linear(x, weight, bias);
        var (rows, width, inner) = (x.shape[0], (int)weight.shape[0], (int)weight.shape[1]);
        var result = empty(rows, width);
        Gemm<V, O>.Run(rows, width, inner, Floats(x), inner, 1, Floats(weight), 1, inner, Floats(result), Floats(bias));
        return result;
    }

    /// <summary>The gradient of the layer's input, g·W: (R, O) to (R, I).</summary>
    public static Tensor InputGradient(Tensor gradient, Tensor weight)
    {
        if (!IsOurs) return gradient.mm(weight);
        var (rows, inner, width) = (gradient.shape[0], (int)weight.shape[0], (int)weight.shape[1]);
        var result = empty(rows, width);
        Gemm<V, O>.Run(rows, width, inner, Floats(gradient), inner, 1, Floats(weight), width, 1, Floats(result), null);
        return result;
    }

    /// <summary>The gradient of the bias, the sums of g's columns: (R, O) to (O), float32.</summary>
    /// <param name="skipped">A row that does not count at each multiple of this number; 0 for none.</param>
    public static Tensor BiasGradient(Tensor gradient, int skipped = 0)
    {
        var result = empty(gradient.shape[1]);
        LayerNormKernel<V, O, S>.ColumnSums(
            gradient.shape[0], (int)gradient.shape[1], Elements(gradient), skipped, Floats(result));
        return result;
    }

    /// <summary>The gradient of W, gᵀ·x: (R, O) and (R, I) to (O, I).</summary>
    public static Tensor WeightGradient(Tensor gradient, Tensor x)
    {
        if (!IsOurs) return gradient.t().mm(x);
        var (inner, rows, width) = ((int)gradient.shape[0], gradient.shape[1], (int)x.shape[1]);
        var result = empty(rows, width);
        Gemm<V, O>.Run(rows, width, inner, Floats(gradient), 1, rows, Floats(x), width, 1, Floats(result), null);
        return result;
    }
}
