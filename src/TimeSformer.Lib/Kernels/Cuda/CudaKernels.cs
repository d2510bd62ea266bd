using System.Collections.Concurrent;
using TimeSformer.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Kernels.Cuda;

/// <summary>
/// The faster way to compute a block's steps on a GPU, in float32, in bfloat16, or under bfloat16 autocast: no tokens are regrouped, and
/// each step has a backward pass of its own. The kernels are compiled when they are first needed, and then compared with the composed
/// operations (<see cref="CudaCheck"/>); where that fails, blocks are composed, and one line on the error stream says why.
/// </summary>
internal static class CudaKernels
{
    private const int MostWidth = 1024;

    private static readonly ConcurrentDictionary<Case, Lazy<bool>> usable = new();

    /// <summary>Whether the steps of a block of these sizes are computed here.</summary>
    /// <param name="x">Its input (B, R, D).</param>
    /// <param name="heads">A.</param>
    /// <param name="hidden">The width of the MLP's hidden layer.</param>
    /// <param name="frames">The length of the sequences of attention over time; 1 if the block has none.</param>
    public static bool Cover(Tensor x, int heads, int hidden, long frames)
    {
        if (x.device_type is not DeviceType.CUDA || CpuKernels.IsOff || Stored(x) is not { } stored) return false;
        int width = (int)x.shape[^1];
        if (width > MostWidth || width % 8 != 0 || width / heads % 8 != 0 || hidden % 8 != 0) return false;
        Case sizes = new(NumberOf(x.device), x.dtype, stored, width, heads, hidden, (int)frames);
        // A check that runs out of memory is made anew.
        return usable.GetOrAdd(sizes, of => new(() => IsUsable(of, x.device), LazyThreadSafetyMode.PublicationOnly)).Value;
    }

    /// <summary>As <see cref="CpuKernels.AddAttention"/>.</summary>
    public static Tensor AddAttention(
        Tensor x, SequenceLayout layout, int heads, LayerNorm norm, double eps, Linear qkv, Linear proj, Linear? fc, Tensor? factors)
    {
        using var scope = NewDisposeScope();
        return CudaAttention.Call(
        [
            x.contiguous(), norm.weight, norm.bias, qkv.weight, qkv.bias, proj.weight, proj.bias, fc?.weight, fc?.bias, factors,
            new AttentionStepShape(layout, heads, eps), Stored(x)!.Value,
        ]).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="CpuKernels.AddMlp"/>.</summary>
    public static Tensor AddMlp(Tensor x, LayerNorm norm, double eps, Linear fc1, Linear fc2, Tensor? factors)
    {
        using var scope = NewDisposeScope();
        return CudaMlp.Call(
        [
            x.contiguous(), norm.weight, norm.bias, fc1.weight, fc1.bias, fc2.weight, fc2.bias, factors, eps, Stored(x)!.Value,
        ]).MoveToOuterDisposeScope();
    }

    /// <summary>A device's number, 0 if it has none.</summary>
    public static int NumberOf(Device device) => Math.Max(0, device.index);

    // The type of what feeds products; null for types that the kernels do not have.
    private static ScalarType? Stored(Tensor x) => (x.dtype, Libtorch.is_autocast_enabled(x.device_type)) switch
    {
        (ScalarType.BFloat16, _) => ScalarType.BFloat16,
        (ScalarType.Float32, false) => ScalarType.Float32,
        (ScalarType.Float32, true) when Libtorch.get_autocast_dtype(x.device_type) is ScalarType.BFloat16 => ScalarType.BFloat16,
        _ => null,
    };

    private static bool IsUsable(Case sizes, Device device)
    {
        try
        {
            CudaCheck.Run(sizes, device);
            return true;
        }
        catch (InputException error)
        {
            Console.Error.WriteLine($"no CUDA kernels of our own, blocks are composed of libtorch's operations: {error.Message}");
            return false;
        }
    }
}

/// <summary>Types and sizes that kernels are compiled for.</summary>
internal readonly record struct Case(int Device, ScalarType Residual, ScalarType Stored, int Width, int Heads, int Hidden, int Frames);
