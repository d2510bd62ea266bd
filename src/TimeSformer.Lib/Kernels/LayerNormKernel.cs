using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TimeSformer.Kernels;

/// <summary>
/// Layer normalization of rows of float32, and sums of a residual stream with its branches. The results that feed a matrix product are
/// stored in that product's type.
/// </summary>
internal static unsafe class LayerNormKernel<V, O, S>
    where V : unmanaged
    where O : struct, ISimd<V>
    where S : struct, IStorage
{
    /// <summary>(x - mean) / sqrt(variance + eps) · weight + bias of each row.</summary>
    /// <param name="x">(rows, D).</param>
    /// <param name="normed">(rows, D).</param>
    /// <param name="moments">(rows, 2), for each row's mean and 1 / sqrt(variance + eps).</param>
    public static void Forward(long rows, int width, float* x, float* weight, float* bias, double eps, void* normed, float* moments) =>
        Parallelism.Run(rows, [MethodImpl(Parallelism.AtOnce)] (first, end, _) =>
        {
            for (long row = first; row < end; row++)
            {
                float* from = x + (row * width);
                var sum = O.Of(0);
                for (int c = 0; c < width; c += O.Count) sum = O.Add(sum, O.Load(from + c));
                float mean = O.Sum(sum) / width;
                var m = O.Of(mean);
                var squares = O.Of(0);
                for (int c = 0; c < width; c += O.Count)
                {
                    var d = O.Sub(O.Load(from + c), m);
                    squares = O.Fma(d, d, squares);
                }
                float scale = (float)(1 / Math.Sqrt((O.Sum(squares) / width) + eps));
                (moments[2 * row], moments[(2 * row) + 1]) = (mean, scale);
                Normalize(from, width, weight, bias, mean, scale, normed, row * width);
            }
        });

    /// <summary>The result of <see cref="Forward"/> again, from its moments.</summary>
    public static void Again(long rows, int width, float* x, float* weight, float* bias, float* moments, void* normed) =>
        Parallelism.Run(rows, [MethodImpl(Parallelism.AtOnce)] (first, end, _) =>
        {
            for (long row = first; row < end; row++)
            {
                Normalize(x + (row * width), width, weight, bias, moments[2 * row], moments[(2 * row) + 1], normed, row * width);
            }
        });

    /// <summary>The gradient of x in x + branch(norm(x)): that of the sum and that which comes back through the norm.</summary>
    /// <param name="outer">(rows, D), the gradient of the sum.</param>
    /// <param name="inner">(rows, D), the gradient of the norm's result.</param>
    /// <param name="gradient">(rows, D), may be the same memory as `inner` in float32.</param>
    /// <param name="parameters">(2, D), for the gradients of the norm's weight and bias.</param>
    public static void Backward(
        long rows, int width, float* x, float* weight, float* moments, float* outer, void* inner, float* gradient, float* parameters) =>
        SumOverParts(2 * width, parameters, parts => Parallelism.Run(rows, [MethodImpl(Parallelism.AtOnce)] (first, end, part) =>
        {
            float* weightSum = (float*)parts + (2L * width * part), biasSum = weightSum + width;
            for (long row = first; row < end; row++)
            {
                float* from = x + (row * width);
                var (m, r) = (O.Of(moments[2 * row]), O.Of(moments[(2 * row) + 1]));
                V sum = O.Of(0), product = O.Of(0);
                for (int c = 0; c < width; c += O.Count)
                {
                    var g = S.Load<V, O>(inner, (row * width) + c);
                    var normed = O.Mul(O.Sub(O.Load(from + c), m), r);
                    O.Store(O.Fma(g, normed, O.Load(weightSum + c)), weightSum + c);
                    O.Store(O.Add(g, O.Load(biasSum + c)), biasSum + c);
                    g = O.Mul(g, O.Load(weight + c));
                    sum = O.Add(sum, g);
                    product = O.Fma(g, normed, product);
                }
                var (mean, slope) = (O.Of(O.Sum(sum) / width), O.Of(O.Sum(product) / width));
                for (int c = 0; c < width; c += O.Count)
                {
                    var g = O.Mul(S.Load<V, O>(inner, (row * width) + c), O.Load(weight + c));
                    var normed = O.Mul(O.Sub(O.Load(from + c), m), r);
                    var d = O.Sub(O.Sub(g, mean), O.Mul(normed, slope));
                    O.Store(O.Fma(r, d, O.Load(outer + (row * width) + c)), gradient + (row * width) + c);
                }
            }
        }));

    /// <summary>x + scale · branch of each row.</summary>
    /// <param name="scales">(rows), or null for 1.</param>
    /// <param name="result">(rows, D), may be the same memory as `branch`.</param>
    public static void AddBranch(long rows, int width, float* x, void* branch, float* scales, float* result) =>
        Parallelism.Run(rows, [MethodImpl(Parallelism.AtOnce)] (first, end, _) =>
        {
            for (long row = first; row < end; row++)
            {
                var scale = O.Of(scales is null ? 1 : scales[row]);
                for (long c = row * width; c < (row + 1) * width; c += O.Count)
                {
                    O.Store(O.Fma(scale, S.Load<V, O>(branch, c), O.Load(x + c)), result + c);
                }
            }
        });

    /// <summary>The sums of x's columns: the gradient of a bias.</summary>
    /// <param name="skipped">A row that does not count at each multiple of this number; 0 for none.</param>
    public static void ColumnSums(long rows, int width, void* x, int skipped, float* sums) =>
        SumOverParts(width, sums, parts => Parallelism.Run(rows, [MethodImpl(Parallelism.AtOnce)] (first, end, part) =>
        {
            float* sum = (float*)parts + ((long)width * part);
            for (long row = first; row < end; row++)
            {
                if (skipped > 0 && row % skipped == 0) continue;
                for (int c = 0; c < width; c += O.Count) O.Store(O.Add(O.Load(sum + c), S.Load<V, O>(x, (row * width) + c)), sum + c);
            }
        }));

    /// <summary>scale · x of each row, in the type of a matrix product.</summary>
    /// <param name="scales">(rows), or null for 1.</param>
    public static void Scale(long rows, int width, float* x, float* scales, void* result) =>
        Parallelism.Run(rows, [MethodImpl(Parallelism.AtOnce)] (first, end, _) =>
        {
            for (long row = first; row < end; row++)
            {
                var scale = O.Of(scales is null ? 1 : scales[row]);
                for (long c = row * width; c < (row + 1) * width; c += O.Count)
                {
                    S.Store<V, O>(O.Mul(scale, O.Load(x + c)), result, c);
                }
            }
        });

    /// <summary>Adds up what each part of the work has summed in its row of (parts, count) floats, zero at first.</summary>
    internal static void SumOverParts(int count, float* sums, Action<nint> fill)
    {
        int rows = Parallelism.Parts;
        var parts = (float*)NativeMemory.AllocZeroed((nuint)((long)count * rows), sizeof(float));
        fill((nint)parts);
        for (int c = 0; c < count; c++)
        {
            sums[c] = 0;
            for (int row = 0; row < rows; row++) sums[c] += parts[((long)count * row) + c];
        }
        NativeMemory.Free(parts);
    }

    [MethodImpl(Parallelism.AtOnce)]
    private static void Normalize(
        float* from, int width, float* weight, float* bias, float mean, float scale, void* to, long index)
    {
        var (m, r) = (O.Of(mean), O.Of(scale));
        for (int c = 0; c < width; c += O.Count)
        {
            var normed = O.Mul(O.Sub(O.Load(from + c), m), r);
            S.Store<V, O>(O.Fma(normed, O.Load(weight + c), O.Load(bias + c)), to, index + c);
        }
    }
}
