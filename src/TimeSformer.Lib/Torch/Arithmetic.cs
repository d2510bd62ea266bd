using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// Sums of tensors, and arithmetic with numbers, which are held until the result is there. Of TorchSharp's own <c>x * 2.0</c>, and of
/// <c>x + y</c>, which multiplies by an unseen 1, the collector may free the number while native code reads it: that throws once in some
/// hundred training steps where threads allocate. The tensors are to be held by a variable or a scope.
/// </summary>
public static class Arithmetic
{
    /// <summary>The factor of what is added, for operations that would make one.</summary>
    internal static readonly Scalar One = 1;

    /// <summary>x + y; shapes are broadcast.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary>x + term.</summary>
    public static Tensor Plus(this Tensor x, Scalar term)
    {
        using (term) return x.add(term, One);
    }

    /// <summary>x · factor.</summary>
    public static Tensor Times(this Tensor x, Scalar factor)
    {
        using (factor) return x.mul(factor);
    }

    /// <summary>x / divisor.</summary>
    public static Tensor Over(this Tensor x, Scalar divisor)
    {
        using (divisor) return x.div(divisor);
    }

    /// <summary>x, where it is below `low` or above `high` that bound.</summary>
    public static Tensor Between(this Tensor x, Scalar low, Scalar high)
    {
        using (low)
        using (high) return x.clamp(low, high);
    }

    /// <summary>The number in a tensor of one, of any type.</summary>
    public static double Number(this Tensor x)
    {
        using var number = x.ToScalar();
        return number.ToDouble();
    }
}
