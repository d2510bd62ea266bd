using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

internal static class Compare
{
    /// <summary>Both have the same shape and, but for rounding, the same values.</summary>
    public static void Near(Tensor expected, Tensor actual, double tolerance = 1e-6)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var scope = NewDisposeScope();
        var (a, b) = (expected.detach().to(ScalarType.Float64), actual.detach().to(ScalarType.Float64));
        Assert.True(a.allclose(b, tolerance, tolerance), $"expected\n{Text(a)}\nbut got\n{Text(b)}");
    }

    public static void Near(double[] expected, Tensor actual, double tolerance = 1e-6) =>
        Near(tensor(expected).view(actual.shape), actual, tolerance);

    private static string Text(Tensor values) => string.Join(", ", values.reshape(-1).data<double>().ToArray().Take(32));
}

/// <summary>Tests whose tensors go with a scope.</summary>
public abstract class Scoped : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        GC.SuppressFinalize(this);
    }
}
