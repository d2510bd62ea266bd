using System.Runtime.CompilerServices;

namespace TimeSformer.Kernels;

/// <summary>
/// Small matrix products C = A·B or C += A·B on float32, for operands in the processor's cache. A's elements are read one by one, so that
/// it may be transposed; rows of B and C are read in vectors, so their lengths are multiples of a vector's.
/// </summary>
internal static unsafe class MicroGemm<V, O>
    where V : unmanaged
    where O : struct, ISimd<V>
{
    /// <summary>A (M, K) times B (K, N) to C (M, N).</summary>
    /// <param name="aRow">Distance of A's rows in floats; <paramref name="aColumn"/> of its columns.</param>
    /// <param name="bRow">Distance of B's rows in floats.</param>
    /// <param name="cRow">Distance of C's rows in floats.</param>
    /// <param name="add">Whether to add to C instead of replacing it.</param>
    [MethodImpl(Parallelism.AtOnce)]
    public static void Run(
        float* a, int aRow, int aColumn, float* b, int bRow, float* c, int cRow, int rows, int inner, int columns, bool add = false)
    {
        int width = O.Count, column = 0;
        if (O.Registers == 32)
        {
            for (; column + (4 * width) <= columns; column += 4 * width)
            {
                int row = 0;
                for (; row + 4 <= rows; row += 4)
                {
                    Tile4x4(a + (row * aRow), aRow, aColumn, b + column, bRow, At(row, column), cRow, inner, add);
                }
                for (; row < rows; row++) Tile1x4(a + (row * aRow), aColumn, b + column, bRow, At(row, column), inner, add);
            }
        }
        else
        {
            for (; column + (2 * width) <= columns; column += 2 * width)
            {
                int row = 0;
                // Of the last eight rows, two tiles of four are faster than one of six and two single rows.
                for (; row + 6 <= rows && row + 8 != rows; row += 6)
                {
                    Tile6x2(a + (row * aRow), aRow, aColumn, b + column, bRow, At(row, column), cRow, inner, add);
                }
                for (; row + 4 <= rows; row += 4)
                {
                    Tile4x2(a + (row * aRow), aRow, aColumn, b + column, bRow, At(row, column), cRow, inner, add);
                }
                for (; row < rows; row++) Tile1x2(a + (row * aRow), aColumn, b + column, bRow, At(row, column), inner, add);
            }
        }
        for (; column < columns; column += width)
        {
            int row = 0;
            for (; row + 8 <= rows; row += 8) Tile8x1(a + (row * aRow), aRow, aColumn, b + column, bRow, At(row, column), cRow, inner, add);
            for (; row < rows; row++) Tile1x1(a + (row * aRow), aColumn, b + column, bRow, At(row, column), inner, add);
        }

        float* At(int row, int column) => c + (row * cRow) + column;
    }

    [MethodImpl(Parallelism.AtOnce)]
    private static void Tile4x4(float* a, int aRow, int aColumn, float* b, int bRow, float* c, int cRow, int inner, bool add)
    {
        int w = O.Count;
        float* c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
        V c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33;
        if (add)
        {
            (c00, c01, c02, c03) = (O.Load(c), O.Load(c + w), O.Load(c + (2 * w)), O.Load(c + (3 * w)));
            (c10, c11, c12, c13) = (O.Load(c1), O.Load(c1 + w), O.Load(c1 + (2 * w)), O.Load(c1 + (3 * w)));
            (c20, c21, c22, c23) = (O.Load(c2), O.Load(c2 + w), O.Load(c2 + (2 * w)), O.Load(c2 + (3 * w)));
            (c30, c31, c32, c33) = (O.Load(c3), O.Load(c3 + w), O.Load(c3 + (2 * w)), O.Load(c3 + (3 * w)));
        }
        else
        {
            c00 = c01 = c02 = c03 = c10 = c11 = c12 = c13 = c20 = c21 = c22 = c23 = c30 = c31 = c32 = c33 = O.Of(0);
        }
        for (int k = 0; k < inner; k++)
        {
            V b0 = O.Load(b), b1 = O.Load(b + w), b2 = O.Load(b + (2 * w)), b3 = O.Load(b + (3 * w));
            var x = O.Of(a[0]);
            c00 = O.Fma(x, b0, c00);
            c01 = O.Fma(x, b1, c01);
            c02 = O.Fma(x, b2, c02);
            c03 = O.Fma(x, b3, c03);
            x = O.Of(a[aRow]);
            c10 = O.Fma(x, b0, c10);
            c11 = O.Fma(x, b1, c11);
            c12 = O.Fma(x, b2, c12);
            c13 = O.Fma(x, b3, c13);
            x = O.Of(a[2 * aRow]);
            c20 = O.Fma(x, b0, c20);
            c21 = O.Fma(x, b1, c21);
            c22 = O.Fma(x, b2, c22);
            c23 = O.Fma(x, b3, c23);
            x = O.Of(a[3 * aRow]);
            c30 = O.Fma(x, b0, c30);
            c31 = O.Fma(x, b1, c31);
            c32 = O.Fma(x, b2, c32);
            c33 = O.Fma(x, b3, c33);
            a += aColumn;
            b += bRow;
        }
        Store4(c, c00, c01, c02, c03);
        Store4(c1, c10, c11, c12, c13);
        Store4(c2, c20, c21, c22, c23);
        Store4(c3, c30, c31, c32, c33);
    }

    [MethodImpl(Parallelism.AtOnce)]
    private static void Tile1x4(float* a, int aColumn, float* b, int bRow, float* c, int inner, bool add)
    {
        int w = O.Count;
        V c0, c1, c2, c3;
        if (add) (c0, c1, c2, c3) = (O.Load(c), O.Load(c + w), O.Load(c + (2 * w)), O.Load(c + (3 * w)));
        else c0 = c1 = c2 = c3 = O.Of(0);
        for (int k = 0; k < inner; k++)
        {
            var x = O.Of(a[0]);
            c0 = O.Fma(x, O.Load(b), c0);
            c1 = O.Fma(x, O.Load(b + w), c1);
            c2 = O.Fma(x, O.Load(b + (2 * w)), c2);
            c3 = O.Fma(x, O.Load(b + (3 * w)), c3);
            a += aColumn;
            b += bRow;
        }
        Store4(c, c0, c1, c2, c3);
    }

    // Where there are 16 registers, 4x4 sums would go through memory.
    [MethodImpl(Parallelism.AtOnce)]
    private static void Tile6x2(float* a, int aRow, int aColumn, float* b, int bRow, float* c, int cRow, int inner, bool add)
    {
        int w = O.Count;
        float* c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow, c4 = c3 + cRow, c5 = c4 + cRow;
        V c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        if (add)
        {
            (c00, c01, c10, c11, c20, c21) = (O.Load(c), O.Load(c + w), O.Load(c1), O.Load(c1 + w), O.Load(c2), O.Load(c2 + w));
            (c30, c31, c40, c41, c50, c51) = (O.Load(c3), O.Load(c3 + w), O.Load(c4), O.Load(c4 + w), O.Load(c5), O.Load(c5 + w));
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = O.Of(0);
        }
        float* high = a + (3 * aRow);
        for (int k = 0; k < inner; k++)
        {
            V b0 = O.Load(b), b1 = O.Load(b + w);
            var x = O.Of(a[0]);
            c00 = O.Fma(x, b0, c00);
            c01 = O.Fma(x, b1, c01);
            x = O.Of(a[aRow]);
            c10 = O.Fma(x, b0, c10);
            c11 = O.Fma(x, b1, c11);
            x = O.Of(a[2 * aRow]);
            c20 = O.Fma(x, b0, c20);
            c21 = O.Fma(x, b1, c21);
            x = O.Of(high[0]);
            c30 = O.Fma(x, b0, c30);
            c31 = O.Fma(x, b1, c31);
            x = O.Of(high[aRow]);
            c40 = O.Fma(x, b0, c40);
            c41 = O.Fma(x, b1, c41);
            x = O.Of(high[2 * aRow]);
            c50 = O.Fma(x, b0, c50);
            c51 = O.Fma(x, b1, c51);
            a += aColumn;
            high += aColumn;
            b += bRow;
        }
        Store2(c, c00, c01);
        Store2(c1, c10, c11);
        Store2(c2, c20, c21);
        Store2(c3, c30, c31);
        Store2(c4, c40, c41);
        Store2(c5, c50, c51);
    }

    // Eight sums are just as many as two units for products keep busy.
    [MethodImpl(Parallelism.AtOnce)]
    private static void Tile4x2(float* a, int aRow, int aColumn, float* b, int bRow, float* c, int cRow, int inner, bool add)
    {
        int w = O.Count;
        float* c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
        V c00, c01, c10, c11, c20, c21, c30, c31;
        if (add)
        {
            (c00, c01, c10, c11) = (O.Load(c), O.Load(c + w), O.Load(c1), O.Load(c1 + w));
            (c20, c21, c30, c31) = (O.Load(c2), O.Load(c2 + w), O.Load(c3), O.Load(c3 + w));
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = O.Of(0);
        }
        for (int k = 0; k < inner; k++)
        {
            V b0 = O.Load(b), b1 = O.Load(b + w);
            var x = O.Of(a[0]);
            c00 = O.Fma(x, b0, c00);
            c01 = O.Fma(x, b1, c01);
            x = O.Of(a[aRow]);
            c10 = O.Fma(x, b0, c10);
            c11 = O.Fma(x, b1, c11);
            x = O.Of(a[2 * aRow]);
            c20 = O.Fma(x, b0, c20);
            c21 = O.Fma(x, b1, c21);
            x = O.Of(a[3 * aRow]);
            c30 = O.Fma(x, b0, c30);
            c31 = O.Fma(x, b1, c31);
            a += aColumn;
            b += bRow;
        }
        Store2(c, c00, c01);
        Store2(c1, c10, c11);
        Store2(c2, c20, c21);
        Store2(c3, c30, c31);
    }

    [MethodImpl(Parallelism.AtOnce)]
    private static void Tile1x2(float* a, int aColumn, float* b, int bRow, float* c, int inner, bool add)
    {
        int w = O.Count;
        V c0, c1;
        if (add) (c0, c1) = (O.Load(c), O.Load(c + w));
        else c0 = c1 = O.Of(0);
        for (int k = 0; k < inner; k++)
        {
            var x = O.Of(a[0]);
            c0 = O.Fma(x, O.Load(b), c0);
            c1 = O.Fma(x, O.Load(b + w), c1);
            a += aColumn;
            b += bRow;
        }
        Store2(c, c0, c1);
    }

    [MethodImpl(Parallelism.AtOnce)]
    private static void Tile8x1(float* a, int aRow, int aColumn, float* b, int bRow, float* c, int cRow, int inner, bool add)
    {
        V c0, c1, c2, c3, c4, c5, c6, c7;
        if (add)
        {
            (c0, c1, c2, c3) = (O.Load(c), O.Load(c + cRow), O.Load(c + (2 * cRow)), O.Load(c + (3 * cRow)));
            (c4, c5, c6, c7) = (O.Load(c + (4 * cRow)), O.Load(c + (5 * cRow)), O.Load(c + (6 * cRow)), O.Load(c + (7 * cRow)));
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = O.Of(0);
        }
        float* high = a + (4 * aRow);
        for (int k = 0; k < inner; k++)
        {
            var x = O.Load(b);
            c0 = O.Fma(O.Of(a[0]), x, c0);
            c1 = O.Fma(O.Of(a[aRow]), x, c1);
            c2 = O.Fma(O.Of(a[2 * aRow]), x, c2);
            c3 = O.Fma(O.Of(a[3 * aRow]), x, c3);
            c4 = O.Fma(O.Of(high[0]), x, c4);
            c5 = O.Fma(O.Of(high[aRow]), x, c5);
            c6 = O.Fma(O.Of(high[2 * aRow]), x, c6);
            c7 = O.Fma(O.Of(high[3 * aRow]), x, c7);
            a += aColumn;
            high += aColumn;
            b += bRow;
        }
        O.Store(c0, c);
        O.Store(c1, c + cRow);
        O.Store(c2, c + (2 * cRow));
        O.Store(c3, c + (3 * cRow));
        O.Store(c4, c + (4 * cRow));
        O.Store(c5, c + (5 * cRow));
        O.Store(c6, c + (6 * cRow));
        O.Store(c7, c + (7 * cRow));
    }

    [MethodImpl(Parallelism.AtOnce)]
    private static void Tile1x1(float* a, int aColumn, float* b, int bRow, float* c, int inner, bool add)
    {
        var sum = add ? O.Load(c) : O.Of(0);
        for (int k = 0; k < inner; k++) sum = O.Fma(O.Of(a[k * aColumn]), O.Load(b + (k * bRow)), sum);
        O.Store(sum, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(float* to, V x0, V x1, V x2, V x3)
    {
        Store2(to, x0, x1);
        Store2(to + (2 * O.Count), x2, x3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store2(float* to, V x0, V x1)
    {
        O.Store(x0, to);
        O.Store(x1, to + O.Count);
    }
}
