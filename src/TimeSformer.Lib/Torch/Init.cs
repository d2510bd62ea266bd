using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Weight initialization that is wrong in TorchSharp.</summary>
internal static class Init
{
    /// <summary>
    /// PyTorch's <c>nn.init.trunc_normal_</c>: fills a tensor with samples from a truncated normal distribution, by inverse transform
    /// sampling. TorchSharp 0.107 fills all elements with <paramref name="std"/>.
    /// </summary>
    /// <param name="tensor">A floating-point tensor of any shape.</param>
    /// <param name="mean">The mean of the normal distribution.</param>
    /// <param name="std">The standard deviation of the normal distribution.</param>
    /// <param name="a">Lower bound.</param>
    /// <param name="b">Upper bound.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2)
    {
        using var _ = no_grad();
        double root = std * Math.Sqrt(2);
        using Scalar scale = root, shift = mean, low = a, high = b;
        using var scope = NewDisposeScope();
        nn.init.uniform_(tensor, Erf((a - mean) / root), Erf((b - mean) / root));
        tensor.erfinv_();
        return tensor.mul_(scale).add_(shift, Arithmetic.One).clamp_(low, high);
    }

    private static double Erf(double x)
    {
        using var value = tensor(x, float64);
        using var result = value.erf();
        return result.Number();
    }
}
