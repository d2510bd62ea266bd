using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace TimeSformer.Kernels;

/// <summary>
/// Large matrix products in float32 on all threads. MKL, libtorch's library, uses the full width of vectors on Intel's processors only: on
/// others this one is 1.1 to 4 times as fast.
/// </summary>
internal static unsafe class Gemm<V, O>
    where V : unmanaged
    where O : struct, ISimd<V>
{
    // Steps of the inner dimension at a time: with a panel of B, this stays in the second-level cache.
    private const int Depth = 256;

    private static int PanelWidth => 4 * O.Count;

    /// <summary>C = A·B, or bias + A·B.</summary>
    /// <param name="a">(M, K): element (i, k) at i · aRow + k · aColumn.</param>
    /// <param name="b">(K, N): element (k, j) at k · bRow + j · bColumn, one of which is 1.</param>
    /// <param name="c">(M, N), contiguous; N a multiple of a vector's length.</param>
    /// <param name="bias">(N), or null.</param>
    public static void Run(
        long rows, int columns, int inner, float* a, long aRow, long aColumn, float* b, long bRow, long bColumn, float* c, float* bias)
    {
        int panels = (columns + PanelWidth - 1) / PanelWidth;
        var packed = (float*)NativeMemory.AlignedAlloc((nuint)((long)inner * columns * sizeof(float)), 64);
        int blocks = (inner + Depth - 1) / Depth;
        Parallelism.Run((long)panels * blocks, [MethodImpl(Parallelism.AtOnce)] (first, end, _) =>
        {
            for (long job = first; job < end; job++)
            {
                var (panel, block) = Math.DivRem(job, blocks);
                int from = (int)block * Depth;
                Pack(b, bRow, bColumn, packed, (int)panel * PanelWidth, columns, inner, from, Math.Min(from + Depth, inner));
            }
        });
        int chunk = rows >= 128L * 2 * Parallelism.Threads ? 128 : 32;
        long chunks = (rows + chunk - 1) / chunk;
        Parallelism.Run(chunks * panels, [MethodImpl(Parallelism.AtOnce)] (first, end, _) =>
        {
            // Panels change faster: the rows of A stay in the cache.
            for (long job = first; job < end; job++)
            {
                long row = job / panels * chunk;
                int column = (int)(job % panels) * PanelWidth, width = Math.Min(PanelWidth, columns - column);
                int count = (int)Math.Min(chunk, rows - row);
                float* to = c + (row * columns) + column;
                if (bias is not null)
                {
                    for (int i = 0; i < count; i++)
                    {
                        for (int j = 0; j < width; j += O.Count) O.Store(O.Load(bias + column + j), to + ((long)i * columns) + j);
                    }
                }
                for (int k = 0; k < inner; k += Depth)
                {
                    MicroGemm<V, O>.Run(
                        a + (row * aRow) + (k * aColumn), (int)aRow, (int)aColumn, packed + ((long)column * inner) + ((long)k * width),
                        width, to, columns, count, Math.Min(Depth, inner - k), width, add: k > 0 || bias is not null);
                }
            }
        });
        NativeMemory.AlignedFree(packed);
    }

    // A panel of B's columns, row by row, between two rows.
    [MethodImpl(Parallelism.AtOnce)]
    private static void Pack(
        float* b, long bRow, long bColumn, float* packed, int column, int columns, int inner, int firstRow, int endRow)
    {
        int width = Math.Min(PanelWidth, columns - column);
        float* to = packed + ((long)column * inner), from = b + (column * bColumn);
        if (bColumn == 1)
        {
            for (int k = firstRow; k < endRow; k++)
            {
                for (int j = 0; j < width; j += O.Count) O.Store(O.Load(from + (k * bRow) + j), to + ((long)k * width) + j);
            }
            return;
        }
        for (int k = firstRow; k < endRow; k++)
        {
            for (int j = 0; j < width; j++) to[((long)k * width) + j] = from[k + (j * bColumn)];
        }
    }
}

/// <summary>Which matrix products the kernels use.</summary>
internal static class GemmChoice
{
    /// <summary>Whether our products are the faster ones: on processors that MKL does not know as Intel's.</summary>
    public static bool IsOurs { get; } = Fma.IsSupported && X86Base.CpuId(0, 0).Ebx != 0x756E6547; // "Genu"
}
