using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// PyTorch's <c>torch.autocast</c>: until it is disposed, libtorch computes this thread's matrix products and convolutions in a shorter
/// type. Use it for the forward pass and the loss, not for the backward pass.
/// </summary>
public sealed class Autocast : IDisposable
{
    private readonly DeviceType device;
    private readonly bool wasEnabled;
    private bool disposed;

    private Autocast(DeviceType device, ScalarType type)
    {
        this.device = device;
        wasEnabled = Libtorch.is_autocast_enabled(device);
        Libtorch.set_autocast_dtype(device, type);
        Libtorch.set_autocast_enabled(device, true);
        Libtorch.autocast_increment_nesting();
    }

    /// <summary>Begins autocasting on this thread, where it must be disposed; null for float32, which needs no casts.</summary>
    /// <exception cref="InputException">float16 on the CPU, or this libtorch lacks autocast under the expected names.</exception>
    public static Autocast? Begin(Precision precision, Device device) => precision switch
    {
        Precision.Float32 => null,
        Precision.Float16 when device.type is DeviceType.CPU =>
            throw new InputException("training.precision is float16, which needs a CUDA device; on the CPU, take bfloat16 or float32"),
        Precision.Float16 => new(device.type, ScalarType.Float16),
        _ => new(device.type, ScalarType.BFloat16),
    };

    /// <summary>Ends autocasting; the outermost one also clears the cache of cast weights.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        if (Libtorch.autocast_decrement_nesting() == 0) Libtorch.clear_autocast_cache();
        Libtorch.set_autocast_enabled(device, wasEnabled);
    }
}
