using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Weight initialization that TorchSharp has wrong, or not.</summary>
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

    /// <summary>Truncated normal weights and zero biases for all linear layers of a module.</summary>
    public static void linears_(nn.Module module, double std)
    {
        using var _ = no_grad();
        foreach (var linear in module.modules().OfType<Linear>())
        {
            trunc_normal_(linear.weight!, std);
            if (linear.bias is not null) nn.init.zeros_(linear.bias);
        }
    }

    private static double Erf(double x)
    {
        using var value = tensor(x, float64);
        using var result = value.erf();
        return result.Number();
    }
}
