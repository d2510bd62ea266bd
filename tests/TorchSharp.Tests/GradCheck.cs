using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Compares gradients with central finite differences in double precision.</summary>
internal static class GradCheck
{
    public static void Holds(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        const double step = 1e-6;
        foreach (var input in inputs) input.requires_grad = true;
        var output = function(inputs);
        var weights = randn_like(output);
        var grads = autograd.grad([(output * weights).sum()], inputs);
        using var _ = no_grad();
        foreach (var (input, grad) in inputs.Zip(grads))
        {
            var flat = input.view(-1);
            var expected = grad.reshape(-1).data<double>().ToArray();
            for (int k = 0; k < expected.Length; k++)
            {
                double value = flat[k].item<double>();
                flat[k] = tensor(value + step);
                double above = (function(inputs) * weights).sum().item<double>();
                flat[k] = tensor(value - step);
                double below = (function(inputs) * weights).sum().item<double>();
                flat[k] = tensor(value);
                double difference = (above - below) / (2 * step);
                Assert.True(Math.Abs(difference - expected[k]) < 1e-5 * Math.Max(1, Math.Abs(difference)), $"element {k}: gradient {expected[k]}, finite difference {difference}");
            }
        }
    }

    public static Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64);
}
