using System.Diagnostics.CodeAnalysis;

namespace TimeSformer.Torch;

/// <summary>The type of matrix products and convolutions. Checkpoints and the optimizer's state are always float32.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "PyTorch's names of the types")]
public enum Precision
{
    /// <summary>Everything in single precision.</summary>
    Float32,

    /// <summary>
    /// Autocast: products in bfloat16, which has 8 bits of precision over the range of float32; weights, their gradients, norms and sums in
    /// float32. About twice as fast on processors that support it.
    /// </summary>
    Bfloat16,

    /// <summary>
    /// Autocast to 11 bits of precision over a smaller range, which needs a scaled loss (<see cref="GradScaler"/>); CUDA only.
    /// </summary>
    Float16,

    /// <summary>
    /// Training steps wholly in bfloat16, gradients included, without casts: made for GPUs. The optimizer keeps the weights in float32, so
    /// that small updates add up, and rounds them after each step. Evaluations compute as with <see cref="Bfloat16"/>.
    /// </summary>
    Bfloat16Weights,
}
