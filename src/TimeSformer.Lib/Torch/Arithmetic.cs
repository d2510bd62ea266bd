using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// Sums of tensors and arithmetic with numbers that are safe from the garbage collector. TorchSharp's own <c>x * 2.0</c>, and <c>x + y</c>
/// with its hidden factor of 1, create a <see cref="Scalar"/> that the collector may free while native code reads it; with several threads
/// this throws once in some hundred training steps. Here each Scalar is held until the result exists. Hold the tensors in variables or in a
/// dispose scope.
/// </summary>
public static class Arithmetic
{
    /// <summary>The <c>alpha</c> of sums, for operations that would otherwise create one.</summary>
    internal static readonly Scalar One = 1;

    /// <summary>The least of what cannot be negative.</summary>
    internal static readonly Scalar Zero = 0;

    /// <summary>What a divisor that may be zero is raised to.</summary>
    internal static readonly Scalar Least = 1e-30;

    /// <summary>x + y, with broadcasting.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary>x + term, of the shape of x.</summary>
    public static Tensor Plus(this Tensor x, Scalar term)
    {
        using (term) return x.add(term, One);
    }

    /// <summary>x · factor, of the shape of x.</summary>
    public static Tensor Times(this Tensor x, Scalar factor)
    {
        using (factor) return x.mul(factor);
    }

    /// <summary>x / divisor, of the shape of x.</summary>
    public static Tensor Over(this Tensor x, Scalar divisor)
    {
        using (divisor) return x.div(divisor);
    }

    /// <summary>x clamped to [low, high], of the shape of x.</summary>
    public static Tensor Between(this Tensor x, Scalar low, Scalar high)
    {
        using (low)
        using (high) return x.clamp(low, high);
    }

    /// <summary>The value of a tensor with one element, of any type.</summary>
    public static double Number(this Tensor x)
    {
        using var number = x.ToScalar();
        return number.ToDouble();
    }
}
