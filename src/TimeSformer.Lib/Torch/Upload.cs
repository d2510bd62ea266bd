using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Copies to a device.</summary>
internal static class Upload
{
    /// <summary>
    /// The tensor on a device. A GPU copies it from pinned memory while this thread goes on, after the work that is queued there and before
    /// what is queued later.
    /// </summary>
    public static Tensor UploadTo(this Tensor x, Device device)
    {
        if (device.type is not DeviceType.CUDA) return x.to(device);
        using var pinned = x.pin_memory(); // its memory is not used again before the copy is done
        return pinned.to(device, non_blocking: true);
    }
}
