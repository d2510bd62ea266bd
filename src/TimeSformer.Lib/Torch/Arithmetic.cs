using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// Arithmetic of tensors with numbers, which are held until the result is there. Of TorchSharp's own <c>x * 2.0</c> the collector may free the number while
/// native code reads it, which throws once in some hundred training steps where threads allocate.
/// </summary>
public static class Arithmetic
{
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

    /// <summary>x + term.</summary>
    public static Tensor Plus(this Tensor x, Scalar term)
    {
        using (term) return x.add(term);
    }

    /// <summary>x, where it is below `low` or above `high` that bound.</summary>
    public static Tensor Between(this Tensor x, Scalar low, Scalar high)
    {
        using (low)
        using (high) return x.clamp(low, high);
    }
}
