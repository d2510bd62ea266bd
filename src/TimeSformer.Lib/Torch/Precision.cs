using System.Diagnostics.CodeAnalysis;

namespace TimeSformer.Torch;

/// <summary>The type of matrix products and convolutions. Weights, gradients and the optimizer's state are always float32.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "PyTorch's names of the types")]
public enum Precision
{
    /// <summary>Everything in single precision.</summary>
    Float32,

    /// <summary>8 bits of precision over the range of float32; about twice as fast on processors that support it.</summary>
    Bfloat16,

    /// <summary>11 bits of precision over a smaller range, which needs a scaled loss (<see cref="GradScaler"/>); CUDA only.</summary>
    Float16,
}
