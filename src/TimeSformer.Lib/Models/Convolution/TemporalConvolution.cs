using TimeSformer.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Convolution;

/// <summary>Convolutions that span frames.</summary>
internal static class TemporalConvolution
{
    /// <summary>
    /// What <c>call</c> gives, of maps (B, C, T, H, W). In bfloat16 on the CPU, oneDNN's gradient of the weights is wrong, mostly not
    /// finite, where the kernel spans more frames than there are (libtorch 2.10 on processors with AVX-512 BF16); it is right if the maps
    /// bring the zeros around them along.
    /// </summary>
    public static Tensor Span(this Conv3d convolution, Tensor x)
    {
        long[] padding = convolution.padding!, kernel = convolution.kernel_size;
        bool isShorter = x.dtype is ScalarType.BFloat16 || Libtorch.is_autocast_enabled(DeviceType.CPU);
        if (x.shape[2] >= kernel[0] || x.device_type is not DeviceType.CPU || !isShorter) return convolution.call(x);
        using var scope = NewDisposeScope();
        var padded = functional.pad(x, [0, 0, 0, 0, padding[0], padding[0]]);
        return functional.conv3d(
            padded, convolution.weight!, convolution.bias, convolution.stride, [0, padding[1], padding[2]]).MoveToOuterDisposeScope();
    }
}
