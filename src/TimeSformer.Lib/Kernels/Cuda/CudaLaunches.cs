using System.Globalization;
using static TimeSformer.Kernels.KernelFunctions;
using static TorchSharp.torch;

namespace TimeSformer.Kernels.Cuda;

/// <summary>The kernels around the branch of a residual step x + branch(norm(x)), x being (B, R, D).</summary>
/// <param name="layout">Its sequences: all rows of a sample, its places or its frames.</param>
/// <param name="residual">The type of x and the weights.</param>
/// <param name="stored">The type of the branch.</param>
/// <param name="width">D.</param>
/// <param name="eps">Of the norm.</param>
/// <param name="device">Where the tensors are.</param>
internal sealed class ResidualLaunches(
    SequenceLayout layout, ScalarType residual, ScalarType stored, int width, double eps, Device device)
{
    private const int Warps = 4, MostBlocks = 512; // each of those has a row of partial sums

    private readonly CudaProgram program = CudaProgram.Of(
        "residual.cu", CudaKernels.NumberOf(device), residual, stored, $"WIDTH={width}",
        string.Create(CultureInfo.InvariantCulture, $"EPS={(float)eps:0.0#########e0}f"));

    private readonly long rows = (long)layout.Batch * layout.Rows;
    private readonly bool isSpace = layout.WithClass, isTime = layout is { WithClass: false, First: 1 };

    /// <summary>Sequences of the whole batch.</summary>
    public long Sequences => (long)layout.Batch * layout.Count;

    /// <summary>Rows of the branch: the sequences' tokens.</summary>
    public long BranchRows => Sequences * layout.Tokens;

    private long Kind => isTime ? 1 : isSpace ? 2 : 0;

    private long Patches => isTime ? layout.Count : layout.Length;

    private long Frames => isTime ? layout.Length : layout.Count;

    /// <summary>norm(x) in the order of the branch (branch rows, D), and the moments of x's rows (B·R, 2).</summary>
    public (Tensor Normed, Tensor Moments) Norm(Tensor x, Tensor weight, Tensor bias)
    {
        var normed = Empty(BranchRows);
        var moments = empty(new[] { rows, 2 }, ScalarType.Float32, device);
        program.Launch(
            "norm_forward", (Blocks, 1), 32 * Warps, x, weight, bias, normed, moments, rows, Kind, layout.Rows, Patches, Frames);
        return (normed, moments);
    }

    /// <summary>The gradient of x, (B, R, D); those of the norm's parameters are added to theirs.</summary>
    /// <param name="outer">(B, R, D), the gradient of the sum.</param>
    /// <param name="inner">(branch rows, D), the gradient of <see cref="Norm"/>'s result.</param>
    public Tensor NormGradient(Tensor x, Tensor weight, Tensor bias, Tensor moments, Tensor outer, Tensor inner)
    {
        long blocks = Math.Min(Blocks, MostBlocks);
        var gradient = empty_like(x);
        var parts = empty(new[] { blocks, 2, width }, ScalarType.Float32, device);
        program.Launch(
            "norm_backward", (blocks, 1), 32 * Warps, x, weight, moments, outer, inner, gradient, parts, rows, Kind, layout.Rows, Patches,
            Frames);
        var sums = parts.sum([0L]);                                                                   // (2, D)
        Accumulate(weight, () => sums[0].clone());
        Accumulate(bias, () => sums[1].clone());
        return gradient;
    }

    /// <summary>x + the branch or, for row 0, the mean of its copies: (B, R, D).</summary>
    /// <param name="factors">Of stochastic depth, one a sequence, float32; or null.</param>
    public Tensor Add(Tensor x, Tensor branch, Tensor? factors)
    {
        var result = empty_like(x);
        program.Launch("add_branch", (Blocks, 1), 32 * Warps, x, branch, factors, result, rows, Kind, layout.Rows, Patches, Frames);
        return result;
    }

    /// <summary>The gradient of the branch, (branch rows, D), given that of the sum.</summary>
    public Tensor BranchGradient(Tensor outer, Tensor? factors)
    {
        if (Kind == 0 && factors is null && outer.dtype == stored) return outer.view(rows, width);
        var gradient = Empty(BranchRows);
        program.Launch("branch_gradient", (Blocks, 1), 32 * Warps, outer, factors, gradient, rows, Kind, layout.Rows, Patches, Frames);
        return gradient;
    }

    private long Blocks => Math.Min((rows + Warps - 1) / Warps, int.MaxValue);

    private Tensor Empty(long count) => empty(new[] { count, width }, stored, device);
}

/// <summary>GELU with the bias of the product before it.</summary>
internal static class GeluLaunches
{
    private const int Columns = 256, Threads = 256, Strips = 128;

    /// <summary>GELU(hidden + bias), (rows, W).</summary>
    public static Tensor Forward(Tensor hidden, Tensor bias)
    {
        var activated = empty_like(hidden);
        Program(hidden, bias).Launch("gelu_forward", Blocks(hidden), Threads, hidden, bias, activated, hidden.shape[0]);
        return activated;
    }

    /// <summary>The gradient of `hidden`, given that of the activations, (rows, W); the bias's is added to its own.</summary>
    public static Tensor Backward(Tensor hidden, Tensor bias, Tensor upper)
    {
        var blocks = Blocks(hidden);
        var gradient = empty_like(hidden);
        var parts = empty(new[] { blocks.Y, hidden.shape[1] }, ScalarType.Float32, hidden.device);
        Program(hidden, bias).Launch("gelu_backward", blocks, Threads, hidden, bias, upper, gradient, parts, hidden.shape[0]);
        Accumulate(bias, () => parts.sum([0L]));
        return gradient;
    }

    private static CudaProgram Program(Tensor hidden, Tensor bias) => CudaProgram.Of(
        "gelu.cu", CudaKernels.NumberOf(hidden.device), bias.dtype, hidden.dtype, $"WIDTH={hidden.shape[1]}");

    private static (long X, long Y) Blocks(Tensor hidden) =>
        ((hidden.shape[1] + Columns - 1) / Columns, Math.Min((hidden.shape[0] + 7) / 8, Strips));
}

/// <summary>Attention within short sequences on the output of the qkv product.</summary>
internal static class AttentionLaunches
{
    private const long SharedFloats = 48 * 1024 / sizeof(float); // of a block
    private const int MostWarps = 4;

    /// <summary>Whether a sequence's head fits into a block's shared memory, with its gradients.</summary>
    public static bool Fits(long length, long headWidth) => FloatsOf(length, headWidth) <= SharedFloats;

    /// <summary>The attended values: (S, L, 3D) to (S, L, D).</summary>
    public static Tensor Forward(Tensor qkv, int heads)
    {
        var (sequences, length, dim) = (qkv.shape[0], qkv.shape[1], qkv.shape[2] / 3);
        var attended = empty(new[] { sequences, length, dim }, qkv.dtype, qkv.device);
        var (program, warps) = Program(qkv, heads);
        program.Launch("attention_forward", (Blocks(qkv, heads, warps), 1), 32 * warps, qkv, attended, sequences);
        return attended;
    }

    /// <summary>The gradient of qkv, (S, L, 3D), given that of the attended values, (S, L, D).</summary>
    public static Tensor Backward(Tensor qkv, Tensor upper, int heads)
    {
        var gradient = empty_like(qkv);
        var (program, warps) = Program(qkv, heads);
        program.Launch("attention_backward", (Blocks(qkv, heads, warps), 1), 32 * warps, qkv, upper, gradient, qkv.shape[0]);
        return gradient;
    }

    private static (CudaProgram Program, int Warps) Program(Tensor qkv, int heads)
    {
        var (length, headWidth) = (qkv.shape[1], qkv.shape[2] / 3 / heads);
        int warps = (int)Math.Min(MostWarps, SharedFloats / FloatsOf(length, headWidth));
        var program = CudaProgram.Of(
            "attention.cu", CudaKernels.NumberOf(qkv.device), qkv.dtype, qkv.dtype, $"LENGTH={length}", $"HEADS={heads}",
            $"HEAD={headWidth}", $"WARPS={warps}");
        return (program, warps);
    }

    private static long Blocks(Tensor qkv, int heads, int warps) => ((qkv.shape[0] * heads) + warps - 1) / warps;

    // Queries, keys, values and their gradients' source, with an unused column each; weights and their gradients.
    private static long FloatsOf(long length, long headWidth) => (4 * length * (headWidth + 1)) + (2 * length * length);
}
