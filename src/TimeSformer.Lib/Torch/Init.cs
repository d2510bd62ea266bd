using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Weight initialization that is wrong in TorchSharp.</summary>
internal static class Init
{
    /// <summary>
    /// PyTorch's <c>nn.init.trunc_normal_</c>: fills a floating-point tensor with samples from a normal distribution truncated to [-2, 2],
    /// by inverse transform sampling, and returns it. TorchSharp 0.107 fills all elements with <paramref name="std"/>.
    /// </summary>
    public static Tensor trunc_normal_(Tensor tensor, double std)
    {
        using var _ = no_grad();
        double root = std * Math.Sqrt(2);
        using Scalar scale = root, low = -2, high = 2;
        using var scope = NewDisposeScope();
        nn.init.uniform_(tensor, Erf(-2 / root), Erf(2 / root));
        tensor.erfinv_();
        return tensor.mul_(scale).clamp_(low, high);
    }

    private static double Erf(double x)
    {
        using var value = tensor(x, float64);
        using var result = value.erf();
        return result.Number();
    }
}
