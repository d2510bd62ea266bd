using System.Runtime.CompilerServices;

namespace TimeSformer.Kernels;

/// <summary>
/// Where the tokens of a batch's sequences stand among its rows: each of B samples has `Rows` rows, and sequence s of a sample consists of
/// `Length` of them, `Step` apart, from row `First + s · FirstStep`; before them, with `WithClass`, its own copy of row 0.
/// </summary>
internal readonly record struct SequenceLayout(
    int Batch, int Rows, int Count, int First, int FirstStep, int Step, int Length, bool WithClass)
{
    /// <summary>One sequence a sample, of all its R rows.</summary>
    public static SequenceLayout Whole(long batch, long rows) => new((int)batch, (int)rows, 1, 0, 0, 1, (int)rows, WithClass: false);

    /// <summary>Of rows 1 + n · T + t, each patch n in all frames; row 0 is in none.</summary>
    public static SequenceLayout Time(long batch, long patches, long frames) => new(
        (int)batch, (int)(1 + (patches * frames)), (int)patches, 1, (int)frames, 1, (int)frames, WithClass: false);

    /// <summary>Of rows 1 + n · T + t, each frame t with all its patches and a copy of row 0.</summary>
    public static SequenceLayout Space(long batch, long patches, long frames) => new(
        (int)batch, (int)(1 + (patches * frames)), (int)frames, 1, 1, (int)frames, (int)patches, WithClass: true);

    /// <summary>The tokens of a sequence.</summary>
    public int Tokens => Length + (WithClass ? 1 : 0);

    /// <summary>The row of the token `j` of a sequence; of a class token's copy, row 0 of the sample.</summary>
    public long Row(int sample, int sequence, int j) => ((long)sample * Rows)
        + (WithClass && j == 0 ? 0 : First + ((long)sequence * FirstStep) + ((long)(WithClass ? j - 1 : j) * Step));
}

/// <summary>
/// Multi-head attention (paper, equations 2 to 5 and 7) on the output of the qkv product, rows of (3, A, D/A): without a copy of queries,
/// keys and values in another order, and without keeping the weights, which the backward pass computes anew.
/// </summary>
internal static unsafe class AttentionKernel<V, O, S>
    where V : unmanaged
    where O : struct, ISimd<V>
    where S : struct, IStorage
{
    // Rows of attention weights computed at a time, so that they stay in the cache however long the sequence is.
    private const int Block = 48;

    /// <summary>The attended values, rows of (A, D/A).</summary>
    /// <param name="qkv">(rows, 3, A, D/A).</param>
    /// <param name="attended">(rows, A, D/A); rows outside all sequences, and row 0 of samples with copies, are left as they are.</param>
    /// <param name="copies">(B, sequences, A, D/A), for what the class token's copies attend to; or null.</param>
    public static void Forward(SequenceLayout layout, int heads, int width, void* qkv, void* attended, float* copies)
    {
        int length = layout.Tokens, padded = Padded(length), block = Math.Min(Block, length);
        long floats = (3L * length * width) + ((long)width * padded) + ((long)block * padded) + ((long)block * width);
        Parallelism.Run((long)layout.Batch * layout.Count * heads, floats, [MethodImpl(Parallelism.AtOnce)] (first, end, memory) =>
        {
            float* q = memory, v = q + (length * width), o = v + (length * width), kT = o + (block * width), p = kT + (width * padded);
            new Span<float>(kT, width * padded).Clear();
            for (long unit = first; unit < end; unit++)
            {
                var (sample, sequence, head) = Unit(unit, layout, heads);
                PackAll(layout, sample, sequence, heads, width, head, qkv, q, null, v);
                PackTransposed(layout, sample, sequence, 3 * heads * width, (heads + head) * width, width, qkv, kT, padded);
                for (int start = 0; start < length; start += block)
                {
                    int rows = Math.Min(block, length - start);
                    Weights(q + (start * width), kT, p, rows, length, padded, width);
                    MicroGemm<V, O>.Run(p, padded, 1, v, width, o, width, rows, length, width);
                    for (int i = 0; i < rows; i++)
                    {
                        long row = layout.Row(sample, sequence, start + i);
                        if (layout.WithClass && start + i == 0)
                        {
                            Buffer.MemoryCopy(o, copies + (unit * width), width * sizeof(float), width * sizeof(float));
                        }
                        else
                        {
                            Unpack(o + (i * width), attended, ((row * heads) + head) * width, width);
                        }
                    }
                }
            }
        });
    }

    /// <summary>The gradient of the qkv product's output, given that of the attended values.</summary>
    /// <param name="qkv">(rows, 3, A, D/A).</param>
    /// <param name="upper">(rows, A, D/A), the gradient of the attended values.</param>
    /// <param name="shares">(B, sequences), by which a copy counts in the class token's attended value; or null.</param>
    /// <param name="gradient">(rows, 3, A, D/A); rows outside all sequences, and row 0 of samples with copies, stay as they are.</param>
    /// <param name="copies">(B, sequences, A, 3, D/A), for the gradients of the class token's copies; or null.</param>
    public static void Backward(
        SequenceLayout layout, int heads, int width, void* qkv, void* upper, float* shares, void* gradient, float* copies)
    {
        int length = layout.Tokens, padded = Padded(length), block = Math.Min(Block, length), size = length * width;
        long floats = (6L * size) + (2L * width * padded) + (2L * block * padded) + (block * (long)width);
        Parallelism.Run((long)layout.Batch * layout.Count * heads, floats, [MethodImpl(Parallelism.AtOnce)] (first, end, memory) =>
        {
            float* q = memory, k = q + size, v = k + size, g = v + size, dk = g + size, dv = dk + size;
            float* kT = dv + size, vT = kT + (width * padded), p = vT + (width * padded), dp = p + (block * padded);
            float* dq = dp + (block * padded);
            float scale = 1 / MathF.Sqrt(width);
            int stride = 3 * heads * width;
            new Span<float>(kT, 2 * width * padded).Clear();
            for (long unit = first; unit < end; unit++)
            {
                var (sample, sequence, head) = Unit(unit, layout, heads);
                PackAll(layout, sample, sequence, heads, width, head, qkv, q, k, v);
                PackTransposed(layout, sample, sequence, stride, (heads + head) * width, width, qkv, kT, padded);
                PackTransposed(layout, sample, sequence, stride, ((2 * heads) + head) * width, width, qkv, vT, padded);
                for (int j = 0; j < length; j++)
                {
                    bool isCopy = layout.WithClass && j == 0;
                    float share = isCopy && shares is not null ? shares[(sample * layout.Count) + sequence] : 1;
                    Pack(upper, ((layout.Row(sample, sequence, j) * heads) + head) * width, g + (j * width), width, share);
                }
                for (int start = 0; start < length; start += block)
                {
                    int rows = Math.Min(block, length - start);
                    float* here = q + (start * width), above = g + (start * width);
                    Weights(here, kT, p, rows, length, padded, width);
                    MicroGemm<V, O>.Run(above, width, 1, vT, padded, dp, padded, rows, width, padded);
                    for (int i = 0; i < rows; i++) SoftmaxGradient(p + (i * padded), dp + (i * padded), padded);
                    MicroGemm<V, O>.Run(dp, padded, 1, k, width, dq, width, rows, length, width);
                    MicroGemm<V, O>.Run(dp, 1, padded, here, width, dk, width, length, rows, width, add: start > 0);
                    MicroGemm<V, O>.Run(p, 1, padded, above, width, dv, width, length, rows, width, add: start > 0);
                    for (int i = 0; i < rows; i++) Put(start + i, 0, dq + (i * width), scale);
                }
                for (int j = 0; j < length; j++)
                {
                    Put(j, 1, dk + (j * width), 1); // the packed queries are scaled already
                    Put(j, 2, dv + (j * width), 1);
                }

                void Put(int token, int part, float* values, float factor)
                {
                    if (layout.WithClass && token == 0)
                    {
                        Unpack<AsFloat32>(values, copies, ((unit * 3) + part) * width, width, factor);
                        return;
                    }
                    long row = layout.Row(sample, sequence, token);
                    Unpack<S>(values, gradient, (row * stride) + (((part * heads) + head) * width), width, factor);
                }
            }
        });
    }

    private static int Padded(int length) => (length + O.Count - 1) / O.Count * O.Count;

    private static (int Sample, int Sequence, int Head) Unit(long unit, SequenceLayout layout, int heads)
    {
        var (sequence, head) = Math.DivRem(unit, heads);
        return ((int)(sequence / layout.Count), (int)(sequence % layout.Count), (int)head);
    }

    // Queries, scaled by 1 / sqrt(D/A), keys and values of a sequence's head, each (L, D/A).
    [MethodImpl(Parallelism.AtOnce)]
    private static void PackAll(
        SequenceLayout layout, int sample, int sequence, int heads, int width, int head, void* qkv, float* q, float* k, float* v)
    {
        float scale = 1 / MathF.Sqrt(width);
        for (int j = 0; j < layout.Tokens; j++)
        {
            long row = layout.Row(sample, sequence, j) * 3 * heads * width;
            Pack(qkv, row + (head * width), q + (j * width), width, scale);
            if (k is not null) Pack(qkv, row + ((heads + head) * width), k + (j * width), width, 1);
            Pack(qkv, row + (((2 * heads) + head) * width), v + (j * width), width, 1);
        }
    }

    [MethodImpl(Parallelism.AtOnce)]
    private static void Pack(void* from, long index, float* to, int width, float factor)
    {
        var f = O.Of(factor);
        for (int c = 0; c < width; c += O.Count) O.Store(O.Mul(f, S.Load<V, O>(from, index + c)), to + c);
    }

    private static void Unpack(float* from, void* to, long index, int width) => Unpack<S>(from, to, index, width, 1);

    [MethodImpl(Parallelism.AtOnce)]
    private static void Unpack<T>(float* from, void* to, long index, int width, float factor)
        where T : struct, IStorage
    {
        var f = O.Of(factor);
        for (int c = 0; c < width; c += O.Count) T.Store<V, O>(O.Mul(f, O.Load(from + c)), to, index + c);
    }

    // Rows of a matrix with `stride` columns as columns (D/A, padded L); what is beyond L is left as it is, zero.
    [MethodImpl(Parallelism.AtOnce)]
    private static void PackTransposed(
        SequenceLayout layout, int sample, int sequence, int stride, int column, int width, void* from, float* to, int padded)
    {
        float* lane = stackalloc float[O.Count];
        for (int j = 0; j < layout.Tokens; j++)
        {
            long index = (layout.Row(sample, sequence, j) * stride) + column;
            for (int c = 0; c < width; c += O.Count)
            {
                O.Store(S.Load<V, O>(from, index + c), lane);
                for (int i = 0; i < O.Count; i++) to[((c + i) * padded) + j] = lane[i];
            }
        }
    }

    // softmax(q·kT) of some rows, zero beyond L.
    [MethodImpl(Parallelism.AtOnce)]
    private static void Weights(float* q, float* kT, float* p, int rows, int length, int padded, int width)
    {
        MicroGemm<V, O>.Run(q, width, 1, kT, padded, p, padded, rows, width, padded);
        float* lanes = stackalloc float[O.Count];
        for (int j = 0; j < O.Count; j++) lanes[j] = padded - O.Count + j < length ? 0 : float.NegativeInfinity;
        var beyond = O.Load(lanes);
        for (int i = 0; i < rows; i++, p += padded)
        {
            O.Store(O.Add(O.Load(p + padded - O.Count), beyond), p + padded - O.Count);
            var top = O.Load(p);
            for (int j = O.Count; j < padded; j += O.Count) top = O.Max(top, O.Load(p + j));
            var most = O.Of(O.Top(top));
            var sum = O.Of(0);
            for (int j = 0; j < padded; j += O.Count)
            {
                var e = O.Exp(O.Sub(O.Load(p + j), most));
                sum = O.Add(sum, e);
                O.Store(e, p + j);
            }
            var factor = O.Of(1 / O.Sum(sum));
            for (int j = 0; j < padded; j += O.Count) O.Store(O.Mul(factor, O.Load(p + j)), p + j);
        }
    }

    // From the weights' gradient to that of the scores, in place: p ∘ (dp - Σ p ∘ dp).
    [MethodImpl(Parallelism.AtOnce)]
    private static void SoftmaxGradient(float* p, float* dp, int padded)
    {
        var sum = O.Of(0);
        for (int j = 0; j < padded; j += O.Count) sum = O.Fma(O.Load(p + j), O.Load(dp + j), sum);
        var mean = O.Of(O.Sum(sum));
        for (int j = 0; j < padded; j += O.Count) O.Store(O.Mul(O.Load(p + j), O.Sub(O.Load(dp + j), mean)), dp + j);
    }
}
