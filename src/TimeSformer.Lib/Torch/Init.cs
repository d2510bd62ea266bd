using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Initial weights that TorchSharp gets wrong.</summary>
internal static class Init
{
    /// <summary>
    /// PyTorch's <c>nn.init.trunc_normal_</c>: fills a tensor with normal numbers cut off at two bounds, by inverting the distribution
    /// function of uniform ones. TorchSharp 0.107's fills it with <paramref name="std"/> everywhere.
    /// </summary>
    /// <param name="tensor">Any shape, of floating point.</param>
    /// <param name="mean">Of the normal numbers.</param>
    /// <param name="std">Of the normal numbers.</param>
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
