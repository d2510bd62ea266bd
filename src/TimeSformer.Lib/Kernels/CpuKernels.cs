using System.Runtime.Intrinsics;
using TimeSformer.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>
/// The faster way to compute a block's steps on a processor, in float32 or under bfloat16 autocast. The composed operations of
/// Models/Attention are the specification, and serve all other devices and types.
/// </summary>
public static class CpuKernels
{
    [ThreadStatic]
    private static int off;

    /// <summary>
    /// Until the result is disposed, this thread composes its forward passes of libtorch's operations, on all devices: as hooks on a
    /// block's modules, <c>retain_graph</c>, <c>create_graph</c> and <c>autograd.grad</c> by weights need it.
    /// </summary>
    public static IDisposable Off() => new Pause();

    /// <summary>Whether this thread composes its forward passes.</summary>
    internal static bool IsOff => off > 0;

    /// <summary>Whether a step with these sizes is computed here.</summary>
    /// <param name="x">Its input (..., D).</param>
    /// <param name="widths">What must be a multiple of a vector's length, besides D.</param>
    internal static bool Cover(Tensor x, params ReadOnlySpan<int> widths)
    {
        int vector = Vector512.IsHardwareAccelerated ? Simd512.Count : Simd256.Count;
        if (IsOff || x.device_type is not DeviceType.CPU || x.dtype is not ScalarType.Float32 || x.shape[^1] % vector != 0) return false;
        foreach (int width in widths) if (width % vector != 0) return false;
        return true;
    }

    /// <summary>x + fc(drop_path(attention(norm(x)))) over a batch's sequences.</summary>
    /// <param name="x">(B, R, D), contiguous or not.</param>
    /// <param name="eps">The norm's.</param>
    /// <param name="fc">May be absent.</param>
    /// <param name="factors">What stochastic depth multiplies each sequence by, (B · sequences); null for 1.</param>
    internal static Tensor AddAttention(
        Tensor x, SequenceLayout layout, int heads, LayerNorm norm, double eps, Linear qkv, Linear proj, Linear? fc, Tensor? factors)
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionStepShape(layout, heads, eps);
        var (shares, scales) = Weights(layout, factors);
        object?[] inputs =
        [
            x.contiguous(), norm.weight, norm.bias, qkv.weight, qkv.bias, proj.weight, proj.bias, fc?.weight, fc?.bias, shares, scales,
            shape,
        ];
        var result = (Vector512.IsHardwareAccelerated, IsAutocast()) switch
        {
            (true, false) => ResidualAttention<Vector512<float>, Simd512, AsFloat32>.Call(inputs),
            (true, true) => ResidualAttention<Vector512<float>, Simd512, AsBFloat16>.Call(inputs),
            (false, false) => ResidualAttention<Vector256<float>, Simd256, AsFloat32>.Call(inputs),
            (false, true) => ResidualAttention<Vector256<float>, Simd256, AsBFloat16>.Call(inputs),
        };
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>x + drop_path(fc2(GELU(fc1(norm(x))))) of tokens (..., D).</summary>
    /// <param name="factors">What stochastic depth multiplies each sample by, (B), B being the length of x; null for 1.</param>
    internal static Tensor AddMlp(Tensor x, LayerNorm norm, double eps, Linear fc1, Linear fc2, Tensor? factors)
    {
        using var scope = NewDisposeScope();
        var scales = factors?.repeat_interleave(x.numel() / x.shape[0] / x.shape[^1]);
        object?[] inputs = [x.contiguous(), norm.weight, norm.bias, fc1.weight, fc1.bias, fc2.weight, fc2.bias, scales, eps];
        var result = (Vector512.IsHardwareAccelerated, IsAutocast()) switch
        {
            (true, false) => ResidualMlp<Vector512<float>, Simd512, AsFloat32>.Call(inputs),
            (true, true) => ResidualMlp<Vector512<float>, Simd512, AsBFloat16>.Call(inputs),
            (false, false) => ResidualMlp<Vector256<float>, Simd256, AsFloat32>.Call(inputs),
            (false, true) => ResidualMlp<Vector256<float>, Simd256, AsBFloat16>.Call(inputs),
        };
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Attention within sequences on the output of the qkv product: (S, L, 3D) to (S, L, D), float32 or bfloat16.</summary>
    internal static Tensor Attention(Tensor qkv, int heads)
    {
        using var scope = NewDisposeScope();
        var x = qkv.contiguous();
        var result = (Vector512.IsHardwareAccelerated, x.dtype is ScalarType.BFloat16) switch
        {
            (true, false) => AttentionFunction<Vector512<float>, Simd512, AsFloat32>.Call(x, heads),
            (true, true) => AttentionFunction<Vector512<float>, Simd512, AsBFloat16>.Call(x, heads),
            (false, false) => AttentionFunction<Vector256<float>, Simd256, AsFloat32>.Call(x, heads),
            (false, true) => AttentionFunction<Vector256<float>, Simd256, AsBFloat16>.Call(x, heads),
        };
        return result.MoveToOuterDisposeScope();
    }

    private static bool IsAutocast() => Libtorch.is_autocast_enabled(DeviceType.CPU);

    // How copies of the class token share in its mean (B, sequences), and what each row's branch is multiplied by (rows).
    private static (Tensor? Shares, Tensor? Scales) Weights(SequenceLayout layout, Tensor? factors)
    {
        var (batch, count) = ((long)layout.Batch, (long)layout.Count);
        if (factors is null)
        {
            return (layout.WithClass ? ones(batch, count).Over(count) : null, null);
        }
        var own = factors.view(batch, count);                                                         // (B, sequences)
        if (layout.First == 0) return (null, own.repeat_interleave(layout.Rows, 1).flatten());        // the class token is one of many
        bool isTime = !layout.WithClass;
        var places = isTime
            ? own.unsqueeze(2).expand(batch, count, layout.Length)                                    // (B, N, T)
            : own.unsqueeze(1).expand(batch, layout.Length, count);                                   // (B, N, T)
        // mean(m · (W·o + b)) = mean(m) · (W · Σ(m · o) / Σm + b)
        var mean = isTime ? ones(batch, 1) : own.mean([1L], keepdim: true);                           // (B, 1)
        var shares = layout.WithClass ? own / own.sum([1L], keepdim: true).Between(1e-20, float.MaxValue) : null;
        return (shares, cat([mean, places.flatten(1)], 1).flatten());
    }

    private sealed class Pause : IDisposable
    {
        private bool isOver;

        public Pause() => off++;

        public void Dispose()
        {
            if (!isOver) off--;
            isOver = true;
        }
    }
}
