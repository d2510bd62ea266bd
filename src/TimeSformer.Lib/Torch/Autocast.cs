using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// The type in which matrix products and convolutions are computed; weights, gradients and the optimizer's state are float32 in each.
/// </summary>
[SuppressMessage("Naming", "CA1720", Justification = "PyTorch's names of the types")]
public enum Precision
{
    /// <summary>All of it in single precision.</summary>
    Float32,

    /// <summary>8 bits of precision over float32's range: about twice as fast on processors that have it.</summary>
    Bfloat16,

    /// <summary>11 bits of precision over a short range, which needs a scaled loss (<see cref="GradScaler"/>); on CUDA only.</summary>
    Float16,
}

/// <summary>
/// PyTorch's <c>torch.autocast</c>: while it lives, libtorch computes this thread's products in a shorter type where that is safe. The
/// forward pass and the loss belong in it, the backward pass does not.
/// </summary>
public sealed class Autocast : IDisposable
{
    private readonly DeviceType device;
    private readonly bool before;
    private bool ended;

    private Autocast(DeviceType device, ScalarType type)
    {
        this.device = device;
        before = Libtorch.is_autocast_enabled(device);
        Libtorch.set_autocast_dtype(device, type);
        Libtorch.set_autocast_enabled(device, true);
        Libtorch.autocast_increment_nesting();
    }

    /// <summary>Begins on this thread, where it must be disposed; null for float32, which needs no casts.</summary>
    /// <exception cref="InputException">float16 on the CPU, or this libtorch lacks autocast under the expected names.</exception>
    public static Autocast? Begin(Precision precision, Device device) => precision switch
    {
        Precision.Float32 => null,
        Precision.Float16 when device.type is DeviceType.CPU =>
            throw new InputException("training.precision is float16, which needs a CUDA device; on the cpu take bfloat16 or float32"),
        Precision.Float16 => new(device.type, ScalarType.Float16),
        _ => new(device.type, ScalarType.BFloat16),
    };

    /// <summary>Ends it; the casts of weights that it kept are forgotten with the outermost.</summary>
    public void Dispose()
    {
        if (ended) return;
        ended = true;
        if (Libtorch.autocast_decrement_nesting() == 0) Libtorch.clear_autocast_cache();
        Libtorch.set_autocast_enabled(device, before);
    }
}
