using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

/// <summary>Parameters with gradients that a test chooses, so that what an optimizer does with them can be computed by hand.</summary>
internal static class Trained
{
    public static Parameter Parameter(params double[] values) => nn.Parameter(tensor(values));

    public static Parameter Parameter(Tensor values) => nn.Parameter(values.clone());

    public static double[] Values(this Tensor tensor) => [.. tensor.detach().to(ScalarType.Float64).data<double>()];

    public static float[] Floats(this Tensor tensor) => [.. tensor.detach().data<float>()];

    /// <summary>One step for each gradient; the first element after each.</summary>
    public static double[] Path(this optim.Optimizer optimizer, Parameter parameter, params double[] grads)
    {
        return Array.ConvertAll(grads, grad =>
        {
            parameter.grad = full_like(parameter, grad);
            optimizer.step();
            return parameter.Values()[0];
        });
    }

    public static void Equal(double[] expected, double[] actual, double tolerance = 1e-14)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++) Assert.Equal(expected[k], actual[k], Math.Max(1, Math.Abs(expected[k])) * tolerance);
    }
}
